import { readFileSync } from 'node:fs';
import { parseDefinitions } from '@moola/contracts/definitions/parse-definitions';
import { describeProblem } from '@moola/contracts/definitions/problems';
import type { Alert } from '../alert.js';
import { alertsFromRule, type RuleText } from './from-rule.js';

/**
 * The alerts that rules of a file of definitions stand for: limits stand there only.
 *
 * @param file its path in the repository
 * @param rules those that Prometheus evaluates, by name
 */
export function alertsOfFile(file: string, rules: Readonly<Record<string, RuleText>>): readonly Alert[] {
  const text = readFileSync(new URL(`../../../../../${file}`, import.meta.url), 'utf8');
  const parsed = parseDefinitions(text, file);
  if ('problems' in parsed) throw new Error(parsed.problems.map(describeProblem).join('\n'));
  return Object.entries(rules).flatMap(([name, words]) => {
    const definition = parsed.definitions.find((each) => each.name === name && each.kind.case === 'rule');
    if (definition === undefined) throw new Error(`${file} has no rule ${name}`);
    return alertsFromRule(definition, words);
  });
}

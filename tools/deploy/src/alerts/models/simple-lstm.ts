import { readFileSync } from 'node:fs';
import { parseDefinitions } from '@moola/contracts/definitions/parse-definitions';
import { describeProblem } from '@moola/contracts/definitions/problems';
import type { Alert } from '../alert.js';
import { alertFromRule, type RuleText } from './from-rule.js';

const file = 'examples/index-volatility/definitions.yaml';

/** The rules of SimpleLSTM that Prometheus evaluates as well. */
const rules: Readonly<Record<string, RuleText>> = {
  SimpleLSTMAccuracyDrop: {
    summary: 'The accuracy of SimpleLSTM is below its budget.',
    ...{ wrong: 0.74, right: 0.81, written: '74%' },
  },
  SimpleLSTMLatencySpike: {
    summary: 'The P95 latency of SimpleLSTM is above its budget.',
    ...{ wrong: 0.08, right: 0.05, written: '80ms' },
  },
  SimpleLSTMErrorRateHigh: {
    summary: 'Too many predictions of SimpleLSTM fail.',
    ...{ wrong: 0.06, right: 0.05, written: '6%' },
  },
};

/** Read from the model's definitions, so that limits stand in one place. */
export function simpleLstmAlerts(): readonly Alert[] {
  const text = readFileSync(new URL(`../../../../../${file}`, import.meta.url), 'utf8');
  const parsed = parseDefinitions(text, file);
  if ('problems' in parsed) throw new Error(parsed.problems.map(describeProblem).join('\n'));
  return Object.entries(rules).map(([name, words]) => {
    const definition = parsed.definitions.find((each) => each.name === name && each.kind.case === 'rule');
    if (definition === undefined) throw new Error(`${file} has no rule ${name}`);
    return alertFromRule(definition, words);
  });
}

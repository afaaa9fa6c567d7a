import type { BudgetLine, RuleDefinition } from '../gen/moola/v1/definitions_pb.js';
import type { CrossProblem, Declared } from './cross-checks.js';
import { nearest } from './nearest.js';
import { budgetRulePrefix } from './rule.js';

/** Each name is that of a rule on the same model, and rules do not hold each other back in a circle. */
export function checkUnless(name: string, rule: RuleDefinition, known: Declared): CrossProblem[] {
  return rule.unless.flatMap((other, i): CrossProblem[] => {
    const detail = problemOf(name, rule, other, known);
    return detail === null ? [] : [{ path: ['unless', i], detail }];
  });
}

function problemOf(name: string, rule: RuleDefinition, other: string, known: Declared): string | null {
  if (other === name) return 'an alert cannot hold itself back';
  const inhibitor = known.rules.get(other);
  if (inhibitor === undefined) return isRule(rule, other, known) ? null : unknownRule(other, known);
  if (rule.model !== '' && inhibitor.model !== '' && rule.model !== inhibitor.model) {
    return `${other} watches ${inhibitor.model}, this rule ${rule.model}: only an alert on the same model can hold it back`;
  }
  const back = wayBack(name, other, known);
  return back === null ? null : `${[name, ...back].join(' is held back by ')}: take one of them out of the circle`;
}

/** Lines of budgets, and documents with problems of their own. */
function isRule({ model }: RuleDefinition, other: string, { models, broken }: Declared): boolean {
  if (broken.has(`Rule ${other}`)) return true;
  if (!other.startsWith(budgetRulePrefix)) return false;
  const metric = other.slice(budgetRulePrefix.length);
  const isOf = (line: BudgetLine): boolean => metric === line.metric || metric.startsWith(`${line.metric}.`);
  return [...models].some(
    ([name, { budget }]) => (model === '' || model === name) && budget?.lines.some((line) => line.alert && isOf(line)),
  );
}

function unknownRule(other: string, { rules }: Declared): string {
  const meant = nearest(other, [...rules.keys()]);
  const hint = meant === null ? 'add it, or name its file too' : `did you mean ${meant}?`;
  return `"${other}" is no rule (${hint})`;
}

/** The rules from one to another along `unless`, both among them; `null`: there is no such way. */
function wayBack(to: string, from: string, { rules }: Declared): readonly string[] | null {
  const seen = new Set<string>();
  const follow = (at: string, path: readonly string[]): readonly string[] | null => {
    if (at === to) return path;
    if (seen.has(at)) return null;
    seen.add(at);
    for (const next of rules.get(at)?.unless ?? []) {
      const way = follow(next, [...path, next]);
      if (way !== null) return way;
    }
    return null;
  };
  return follow(from, [from]);
}

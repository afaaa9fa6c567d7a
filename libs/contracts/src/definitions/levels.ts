import type { z } from 'zod';
import { limitFields } from './comparators.js';
import { duration, list, oneOf, section, type Issue } from './fields.js';
import { severityNames, severityOf, type SeverityName } from './severities.js';

const level = section({
  severity: oneOf({ doc: 'How bad it is from this level on.' }, severityNames),
  ...limitFields,
  for: duration({
    doc: 'How long the limit of the level must be broken before the alert is that severe.',
    fallback: '`for` beside the levels',
  }).optional(),
});

/** The levels of a rule or a budget line: at least two, for one there are `severity` and its limit. */
export const levelsField = list(
  {
    doc: 'One alert that rises and falls, instead of `severity` and a limit: mildest level first, each with a stricter limit than the one before (or the same limit and a longer time).',
  },
  level,
  'levels',
  2,
).optional();

export type LevelDocument = z.output<typeof level>;

interface Levelled {
  readonly severity?: unknown;
  readonly below?: unknown;
  readonly above?: unknown;
  readonly onMissing?: unknown;
  readonly for: number;
  readonly levels?: readonly LevelDocument[] | undefined;
}

/** What is wrong with a rule's levels. */
export function levelIssues(rule: Levelled): Issue[] {
  const { levels } = rule;
  if (levels === undefined) return [];
  const twice = (['severity', 'below', 'above'] as const)
    .filter((field) => rule[field] !== undefined)
    .map((field) => ({ path: [field], message: 'stands beside levels, which have their own: leave it out' }));
  return [...twice, ...levels.flatMap((each, i) => issuesOf(each, i, levels, rule))];
}

function issuesOf(level: LevelDocument, i: number, levels: readonly LevelDocument[], rule: Levelled): Issue[] {
  const at = (message: string, ...field: string[]): Issue[] => [
    { path: ['levels', i, ...field], message: `level ${level.severity} ${message}` },
  ];
  const { below, above } = level;
  if (rule.onMissing === true) {
    if (below !== undefined || above !== undefined) return at('has a limit beside onMissing: true, which needs none');
  } else if ((below === undefined) === (above === undefined)) {
    return at(below === undefined ? 'has no limit: give either below or above' : 'has two limits: give one of them');
  }
  const before = levels[i - 1];
  if (before === undefined) return [];
  const rank = (name: SeverityName): number => severityNames.indexOf(name);
  if (level.severity === before.severity) return at('is given twice', 'severity');
  if (rank(level.severity) < rank(before.severity)) {
    return at(`stands after ${before.severity}: write the mildest first`, 'severity');
  }
  if ((below === undefined) !== (before.below === undefined)) {
    return at(`has its limit on the other side than ${before.severity}: all are below or all are above`);
  }
  return order(level, before, rule) ? [] : at(`is no stricter than ${before.severity}: ${loose(level, before)}`);
}

/** Whether a level asks for more than the one before. */
function order(level: LevelDocument, before: LevelDocument, rule: Levelled): boolean {
  const further = (before.below ?? 0) - (level.below ?? 0) + (level.above ?? 0) - (before.above ?? 0);
  return further > 0 || (further === 0 && (level.for ?? rule.for) > (before.for ?? rule.for));
}

function loose({ below, above }: LevelDocument, before: LevelDocument): string {
  if (below !== undefined)
    return `its limit must lie below ${before.below} (it is ${below}), or take longer at the same`;
  if (above !== undefined)
    return `its limit must lie above ${before.above} (it is ${above}), or take longer at the same`;
  return 'its "for" must be longer';
}

/** As definitions hold them. @param forMs where a level states none */
export function levelsOf(levels: readonly LevelDocument[], forMs: number) {
  return levels.map((each) => ({
    severity: severityOf(each.severity),
    limit: each.below ?? each.above ?? 0,
    forMs: each.for ?? forMs,
  }));
}

import type { ModelView } from '../../../src/read-model/views';

/** A limit of a metric, drawn as a line. */
export interface ShownLimit {
  readonly limit: number;
  readonly severity: string;
  /** Of a line of the budget. */
  readonly isBudget: boolean;
  /** The rules that alert there. */
  readonly rules: readonly string[];
}

/** So many are drawn: the budget's, then the severest. */
const most = 8;
const severities = ['info', 'warning', 'critical', 'emergency'];

/** The limits of a metric of the version that serves, over all its traffic: lines of its budget, and levels of rules. */
export function shownLimits({ versions, limits }: ModelView, metric: string): readonly ShownLimit[] {
  const found: ShownLimit[] = [];
  const add = (next: ShownLimit): void => {
    const at = found.findIndex(({ limit }) => limit === next.limit);
    const held = found[at];
    if (held === undefined) found.push(next);
    // What several say is one line.
    else found[at] = { ...held, severity: severer(held.severity, next.severity), rules: held.rules.concat(next.rules) };
  };
  for (const line of versions.find(({ serving }) => serving)?.lines ?? []) {
    if (line.metric !== metric || line.segment !== null) continue;
    add({ limit: line.limit, severity: line.severity, isBudget: true, rules: [] });
  }
  for (const { rule, metric: of, levels } of limits) {
    if (of !== metric) continue;
    for (const { limit, severity } of levels) add({ limit, severity, isBudget: false, rules: [rule] });
  }
  return found
    .sort((a, b) => Number(b.isBudget) - Number(a.isBudget) || rank(b.severity) - rank(a.severity))
    .slice(0, most);
}

const rank = (severity: string): number => severities.indexOf(severity);

const severer = (a: string, b: string): string => (rank(a) < rank(b) ? b : a);

/** The colour of a line, as a property of the page's styles. */
export function limitColour({ severity }: ShownLimit): string {
  return severity === 'info' ? '--quiet' : severity === 'warning' ? '--unsure' : '--bad';
}

/** `budget`, or how severe what breaks it is. */
export function limitName({ isBudget, severity }: ShownLimit): string {
  return isBudget ? 'budget' : severity;
}

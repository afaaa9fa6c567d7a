import type { DecisionView, IncidentSummaryView } from '../../../src/read-model/incident-views';

/** What was decided about a rollback, in a few words. */
export function decided({ answer, from, to }: DecisionView): string {
  switch (answer) {
    case 'hold':
      return `${from} goes on serving`;
    case 'mitigate':
      return `Rolled back from ${from} to ${to}, as a mitigation`;
    case 'roll back':
      return `Rolled back from ${from} to ${to}`;
    case 'undo':
      return `Undone: from ${from} to ${to} again`;
  }
}

/** Why it was decided. */
export function why({ answer, to, reason }: DecisionView): string {
  if (answer === 'hold' && to !== '') return `${to} was considered: ${reason}`;
  return to !== '' && answer !== 'undo' ? `${to} is ${reason}` : reason;
}

/** What stands in place of a decision. */
export const undecided = ({ subject }: Pick<IncidentSummaryView, 'subject'>): string =>
  subject === null ? 'No rollback' : 'Nothing to roll back';

const withArticle = { job: 'a job', instance: 'an instance', measurement: 'a measurement' } as const;

/** Why there is no decision. */
export function whyUndecided({
  subject,
  gate,
  severity,
}: Pick<IncidentSummaryView, 'subject' | 'gate' | 'severity'>): string {
  if (subject !== null) return `a rollback changes nothing about ${withArticle[subject.kind]}`;
  if (!gate) return 'not considered: only lines with `gate: true` can cause one';
  return isGrave({ severity }) ? 'not decided yet' : `not considered for severity ${severity}`;
}

/** Whether it helped; `null` when nothing was asked for. */
export function effect({ effect, evidence }: DecisionView): string | null {
  switch (effect) {
    case 'none':
      return null;
    case 'awaited':
      return 'Whether it helps is not known yet.';
    case 'verified':
      return `Verified: ${evidence}`;
    case 'failed':
      return `It did not help: ${evidence}`;
  }
}

const gravities = ['unspecified', 'info', 'warning', 'critical', 'emergency'];
const gravity = (severity: string) => gravities.indexOf(severity);

/** Gravest first: what is open, by severity, by cost, the newest. */
export function byGravity(a: IncidentSummaryView, b: IncidentSummaryView): number {
  return (
    Number(a.state === 'resolved') - Number(b.state === 'resolved') ||
    gravity(b.severity) - gravity(a.severity) ||
    (b.costUsd ?? 0) - (a.costUsd ?? 0) ||
    b.openedAtMs - a.openedAtMs
  );
}

export const isGrave = ({ severity }: { readonly severity: string }) => gravity(severity) >= gravity('critical');

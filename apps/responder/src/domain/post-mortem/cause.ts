import { RollbackAnswer, type RollbackDecision } from '@moola/contracts/gen/moola/v1/incidents_pb';
import type { Story } from './story.js';
import { ofKind } from './story.js';

/** What the evidence says about why it happened; the rest is for people to find out. */
export type Cause =
  /** Another version is better on the same inputs, with confidence. `number`: the event that decided it. */
  | { readonly kind: 'release'; readonly decision: RollbackDecision; readonly number: number }
  /** The older version breaks the budget as well. */
  | { readonly kind: 'data'; readonly decision: RollbackDecision; readonly number: number }
  /** A rollback was considered, and nothing spoke for it. */
  | { readonly kind: 'open'; readonly decision: RollbackDecision; readonly number: number }
  /** No rollback is asked for with this rule, or it was over before. */
  | { readonly kind: 'unasked' };

/** The strongest finding wins: a release, then changed data; the latest of its kind. */
export function causeOf(story: Story): Cause {
  const decisions = ofKind(story.events, 'decision').toReversed();
  const release = decisions.find(
    ({ value }) => value.answer === RollbackAnswer.MITIGATE || value.answer === RollbackAnswer.ROLL_BACK,
  );
  if (release !== undefined) return { kind: 'release', decision: release.value, number: release.event.number };
  const data = decisions.find(({ value }) => value.reason.includes('the data changed'));
  if (data !== undefined) return { kind: 'data', decision: data.value, number: data.event.number };
  const last = decisions[0];
  return last === undefined ? { kind: 'unasked' } : { kind: 'open', decision: last.value, number: last.event.number };
}

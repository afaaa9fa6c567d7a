import type { LabelledRow } from '@moola/contracts/rows';
import type { PairedAnswers } from './pair-counts.js';

/** What one version answered to the input at hand. */
export interface GroupAnswer {
  readonly version: string;
  readonly right: boolean;
  /** Before the truth was corrected; the same as `right` otherwise. */
  readonly rightBefore: boolean;
  readonly freshness: LabelledRow['freshness'];
  readonly predictedAtMs: number;
}

/** The labelled rows of one input so far: they follow each other. Plain data. */
export interface InputGroup {
  readonly model: string;
  readonly input: string;
  readonly group: number;
  readonly answers: readonly GroupAnswer[];
}

export function answerOf(row: LabelledRow): GroupAnswer {
  const right = row.class === row.truth;
  const rightBefore = row.freshness === 'corrected' ? row.class === row.previousTruth : right;
  const { version, freshness, predictedAtMs } = row;
  return { version, right, rightBefore, freshness, predictedAtMs };
}

/** The group that a row belongs to, without it: the one at hand, or a new one. */
export function groupOf(row: LabelledRow, atHand: InputGroup | undefined): InputGroup {
  const { model, input, group } = row;
  const same = atHand && atHand.model === model && atHand.input === input && atHand.group === group;
  return same ? atHand : { model, input, group, answers: [] };
}

/** What two answers to one input mean for the count of their pair. */
export type PairChange =
  | { readonly kind: 'counted'; readonly now: PairedAnswers }
  | { readonly kind: 'corrected'; readonly before: PairedAnswers; readonly now: PairedAnswers }
  | { readonly kind: 'none' };

/** A pair counts once, when the later of both becomes new; a correction replaces what was counted. */
export function pairChange(first: GroupAnswer, second: GroupAnswer): PairChange {
  const now = { first: first.right, second: second.right };
  if (first.freshness === 'new' || second.freshness === 'new') return { kind: 'counted', now };
  if (first.freshness === 'repeated' && second.freshness === 'repeated') return { kind: 'none' };
  return { kind: 'corrected', before: { first: first.rightBefore, second: second.rightBefore }, now };
}

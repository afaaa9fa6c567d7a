import type { Budget, BudgetLine } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { BudgetVerdict } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { breaks } from '@moola/rules/condition';
import { exactlyOf, measure } from '@moola/metrics/catalogue';
import type { Metric } from '@moola/metrics/metric';
import type { WindowView } from '../windows/window-view.js';

/** Where one version stands with its budget. Plain data: JSON keeps it. */
export interface BudgetStanding {
  readonly verdict: BudgetVerdict;
  /** Verdicts of the lines, in the budget's order. */
  readonly lines: readonly BudgetVerdict[];
  /** It was within for the stated time with the stated labels, once. */
  readonly knownGood: boolean;
  /** First tick of the present run within budget with enough labels; `null` out of one. */
  readonly goodSinceMs: number | null;
  /** The present run has lasted long enough. */
  readonly confirmed: boolean;
}

export const unjudged: BudgetStanding = {
  verdict: BudgetVerdict.UNSPECIFIED,
  lines: [],
  knownGood: false,
  goodSinceMs: null,
  confirmed: false,
};

export interface Judgement {
  readonly standing: BudgetStanding;
  /** The version has just become known good, or was confirmed as such: its figures are the new baseline. */
  readonly confirmedNow: boolean;
}

/** What a version is judged by. */
export interface Evidence {
  /** Verdicts of the lines, in the budget's order. */
  readonly lines: readonly BudgetVerdict[];
  /** Those of its gates that have something to compare with. */
  readonly gates: readonly BudgetVerdict[];
  /** How many labels the accuracy window holds. */
  labels(): number;
}

/**
 * Judges one version at a tick: semantics.md, "Budget state". One that stands as before, which most do at nearly every tick,
 * keeps its very standing: with many versions the garbage of every tick would outlive it.
 */
export function judge(before: BudgetStanding, budget: Budget, evidence: Evidence, tickMs: number): Judgement {
  const verdict = worst(evidence.gates);
  const good = verdict === BudgetVerdict.WITHIN && evidence.labels() >= budget.knownGoodLabels;
  const goodSinceMs = good ? (before.goodSinceMs ?? tickMs) : null;
  const confirmed = goodSinceMs !== null && tickMs - goodSinceMs >= budget.knownGoodAfterMs;
  const hasSameLines = sameLines(before.lines, evidence.lines);
  const stands = verdict === before.verdict && goodSinceMs === before.goodSinceMs && confirmed === before.confirmed;
  if (hasSameLines && stands) return { standing: before, confirmedNow: false };
  const lines = hasSameLines ? before.lines : [...evidence.lines];
  return {
    standing: { verdict, lines, knownGood: before.knownGood || confirmed, goodSinceMs, confirmed },
    confirmedNow: confirmed && !before.confirmed,
  };
}

/** When a run within budget will have lasted long enough; `Infinity`: there is none, or it has. */
export function confirmationDueMs(standing: BudgetStanding, budget: Budget): number {
  if (standing.goodSinceMs === null || standing.confirmed) return Infinity;
  return standing.goodSinceMs + budget.knownGoodAfterMs;
}

/** When it becomes known good if the present run goes on, as it is published: 0 where it is, or where there is no run. */
export function knownGoodAtMs({ knownGood, goodSinceMs }: BudgetStanding, budget: Budget): number {
  return knownGood || goodSinceMs === null ? 0 : goodSinceMs + budget.knownGoodAfterMs;
}

/** Where a line stands: unknown with fewer samples than it asks for. */
export function verdictOf(line: BudgetLine, metric: Metric, view: WindowView): BudgetVerdict {
  const { value, samples } = measure(metric, view);
  if (samples < line.minimumSamples || value === undefined) return BudgetVerdict.UNKNOWN;
  const isOut = breaks(line.comparator, value, line.limit, () => exactlyOf(metric, view));
  return isOut ? BudgetVerdict.OUT : BudgetVerdict.WITHIN;
}

export function sameLines(a: readonly BudgetVerdict[], b: readonly BudgetVerdict[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function worst(gates: readonly BudgetVerdict[]): BudgetVerdict {
  if (gates.includes(BudgetVerdict.OUT)) return BudgetVerdict.OUT;
  if (gates.includes(BudgetVerdict.UNKNOWN)) return BudgetVerdict.UNKNOWN;
  return BudgetVerdict.WITHIN;
}

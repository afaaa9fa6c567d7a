import type { Budget, BudgetLine } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { BudgetVerdict } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { breaks } from '@moola/rules/condition';
import type { Measured } from '../windows/figures.js';

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

export interface JudgedLine {
  readonly line: BudgetLine;
  readonly measured: Measured;
  /** It compares with a baseline that is not there yet: then it does not hold the verdict up. */
  readonly awaitsBaseline: boolean;
}

export interface Judgement {
  readonly standing: BudgetStanding;
  /** The version has just become known good, or was confirmed as such: its figures are the new baseline. */
  readonly confirmedNow: boolean;
}

/**
 * Judges one version at a tick: semantics.md, "Budget state".
 * @param labels in the accuracy window
 */
export function judge(
  before: BudgetStanding,
  budget: Budget,
  lines: readonly JudgedLine[],
  labels: number,
  tickMs: number,
): Judgement {
  const verdicts = lines.map(verdictOf);
  const gates = verdicts.filter((_, i) => lines[i]?.line.gate && !lines[i].awaitsBaseline);
  const verdict = worst(gates);
  const good = verdict === BudgetVerdict.WITHIN && labels >= budget.knownGoodLabels;
  const goodSinceMs = good ? (before.goodSinceMs ?? tickMs) : null;
  const confirmed = goodSinceMs !== null && tickMs - goodSinceMs >= budget.knownGoodAfterMs;
  return {
    standing: { verdict, lines: verdicts, knownGood: before.knownGood || confirmed, goodSinceMs, confirmed },
    confirmedNow: confirmed && !before.confirmed,
  };
}

/** When a run within budget will have lasted long enough; `Infinity`: there is none, or it has. */
export function confirmationDueMs(standing: BudgetStanding, budget: Budget): number {
  if (standing.goodSinceMs === null || standing.confirmed) return Infinity;
  return standing.goodSinceMs + budget.knownGoodAfterMs;
}

function verdictOf({ line, measured }: JudgedLine): BudgetVerdict {
  if (measured.samples < line.minimumSamples || measured.value === undefined) return BudgetVerdict.UNKNOWN;
  return breaks(line.comparator, measured.value, line.limit) ? BudgetVerdict.OUT : BudgetVerdict.WITHIN;
}

function worst(gates: readonly BudgetVerdict[]): BudgetVerdict {
  if (gates.includes(BudgetVerdict.OUT)) return BudgetVerdict.OUT;
  if (gates.includes(BudgetVerdict.UNKNOWN)) return BudgetVerdict.UNKNOWN;
  return BudgetVerdict.WITHIN;
}

import jstat from 'jstat';
import { twoSidedProbability } from './normal.js';

const { combinationln } = jstat.jStat;

/** Pairs of answers to one input on which exactly one side was right; the other pairs say nothing of the difference. */
export interface DiscordantPairs {
  readonly firstOnly: number;
  readonly secondOnly: number;
}

export interface McNemarTest {
  /** Two-sided, by the binomial distribution: never too small, often too large. */
  readonly exactPValue: number;
  /**
   * The exact one with half the weight on what was seen: closer to its nominal level (M. W. Fagerland, S. Lydersen and
   * P. Laake, BMC Medical Research Methodology 13, 2013).
   */
  readonly midPValue: number;
  /** `(firstOnly − secondOnly)² / (firstOnly + secondOnly)`, without continuity correction; 1 degree of freedom. */
  readonly chiSquare: number;
  readonly chiSquarePValue: number;
}

/**
 * McNemar's test: is either side right more often, on independent pairs, at one look (Q. McNemar, Psychometrika 12,
 * 1947).
 *
 * @returns `null` without discordant pairs.
 */
export function mcNemarTest({ firstOnly, secondOnly }: DiscordantPairs): McNemarTest | null {
  const discordant = firstOnly + secondOnly;
  if (discordant === 0) return null;
  const fewer = Math.min(firstOnly, secondOnly);
  const seen = Math.exp(combinationln(discordant, fewer) - discordant * Math.LN2);
  const below = probabilityBelow(fewer, discordant, seen);
  const chiSquare = (firstOnly - secondOnly) ** 2 / discordant;
  return {
    exactPValue: Math.min(1, 2 * (below + seen)),
    midPValue: Math.min(1, 2 * below + seen),
    chiSquare,
    // Chi-square with one degree of freedom is the square of a standard normal variable.
    chiSquarePValue: twoSidedProbability(Math.sqrt(chiSquare)),
  };
}

/** P(X < k) of a fair binomial variable, from `P(X = k)` down: `P(k − 1) = P(k)·k / (n − k + 1)`. */
function probabilityBelow(k: number, trials: number, probabilityOfK: number): number {
  let term = probabilityOfK;
  let sum = 0;
  for (let i = k; i > 0; i--) {
    term *= i / (trials - i + 1);
    sum += term;
  }
  return sum;
}

import { sequenceHalfWidth } from '../confidence-sequence.js';
import { normalCdf, normalQuantile } from '../normal.js';
import { rootOf } from '../quadrature.js';
import { studentQuantile } from '../student.js';
import { noncentralTCdf } from './noncentral-t.js';

/** What a test is to find, and how surely. */
export interface PowerGoal {
  /** Probability of a false alarm, two-sided. */
  readonly alpha: number;
  /** Probability to find the effect. */
  readonly power: number;
  /** Units of treatment for each of control. */
  readonly ratio: number;
}

/** A way to compute the power of a two-sided test from the effect in standard deviations and the units of control. */
export type PowerOf = (effectSize: number, perArm: number, goal: Pick<PowerGoal, 'alpha' | 'ratio'>) => number;

/** 2·asin√p − 2·asin√q (J. Cohen, Statistical Power Analysis, 1988). */
export function cohenH(proportion: number, other: number): number {
  return 2 * Math.asin(Math.sqrt(proportion)) - 2 * Math.asin(Math.sqrt(other));
}

/** z test: of proportions with Cohen's h, of means with known variance. Both tails, as two-sided tests have. */
export const normalPower: PowerOf = (effectSize, perArm, { alpha, ratio }) => {
  const shift = Math.abs(effectSize) * Math.sqrt(perArm / (1 + 1 / ratio));
  const critical = -normalQuantile(alpha / 2);
  return normalCdf(shift - critical) + normalCdf(-critical - shift);
};

/** Student's t test with pooled variance: by the noncentral t distribution. */
export const studentPower: PowerOf = (effectSize, perArm, { alpha, ratio }) => {
  const freedom = perArm * (1 + ratio) - 2;
  if (!(freedom > 0)) return 0;
  const shift = Math.abs(effectSize) * Math.sqrt(perArm / (1 + 1 / ratio));
  const critical = -studentQuantile(alpha / 2, freedom);
  return 1 - noncentralTCdf(critical, freedom, shift) + noncentralTCdf(-critical, freedom, shift);
};

/**
 * An always-valid test, looked at once with so many units: at least so likely has it found the effect by then. It is sure earlier
 * where luck has it.
 */
export const sequentialPower =
  (tunedFor: number): PowerOf =>
  (effectSize, perArm, { alpha, ratio }) => {
    const error = Math.sqrt((1 + 1 / ratio) / perArm);
    const critical = sequenceHalfWidth(1, perArm * (1 + ratio), { alpha, tunedFor });
    const shift = Math.abs(effectSize) / error;
    return normalCdf(shift - critical) + normalCdf(-critical - shift);
  };

/**
 * Units of control at which a test has its power, a real number; `Infinity` where no number does.
 *
 * @param effectSize in standard deviations of a unit, or Cohen's h
 */
export function sampleSize(powerOf: PowerOf, effectSize: number, goal: PowerGoal): number {
  const lacks = (n: number) => powerOf(effectSize, n, goal) - goal.power;
  let most = 4;
  while (lacks(most) < 0) {
    most *= 2;
    if (most > 1e15) return Infinity;
  }
  return rootOf(lacks, 1e-3, most);
}

/** The smallest effect, in standard deviations of a unit, that a test of so many units of control finds with its power. */
export function detectableEffect(powerOf: PowerOf, perArm: number, goal: PowerGoal): number {
  const lacks = (effect: number) => powerOf(effect, perArm, goal) - goal.power;
  let most = 1;
  while (lacks(most) < 0) {
    most *= 2;
    if (most > 1e15) return Infinity;
  }
  return rootOf(lacks, 0, most);
}

/** By how much clusters of this size inflate a variance (L. Kish, 1965). @param correlation of units of one cluster */
export function clusterInflation(clusterSize: number, correlation: number): number {
  return 1 + (clusterSize - 1) * correlation;
}

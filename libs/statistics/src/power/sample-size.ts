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
  return beyond(-normalQuantile(alpha / 2), shiftOf(effectSize, perArm, ratio));
};

/** Student's t test with pooled variance: by the noncentral t distribution. */
export const studentPower: PowerOf = (effectSize, perArm, { alpha, ratio }) => {
  const freedom = perArm * (1 + ratio) - 2;
  if (!(freedom > 0)) return 0;
  const shift = shiftOf(effectSize, perArm, ratio);
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
    const critical = sequenceHalfWidth(1, perArm * (1 + ratio), { alpha, tunedFor });
    return beyond(critical, shiftOf(effectSize, perArm, ratio));
  };

/** An effect in standard errors of the difference. */
function shiftOf(effectSize: number, perArm: number, ratio: number): number {
  return Math.abs(effectSize) * Math.sqrt(perArm / (1 + 1 / ratio));
}

/** The probability that a normal variable with mean `shift` is at least as far from 0 as `critical`. */
function beyond(critical: number, shift: number): number {
  return normalCdf(shift - critical) + normalCdf(-critical - shift);
}

/**
 * Units of control at which a test has its power, a real number; `Infinity` where no number does.
 *
 * @param effectSize in standard deviations of a unit, or Cohen's h
 */
export function sampleSize(powerOf: PowerOf, effectSize: number, goal: PowerGoal): number {
  return firstEnough((n) => powerOf(effectSize, n, goal) - goal.power, 1e-3, 4);
}

/** The smallest effect, in standard deviations of a unit, that a test of so many units of control finds with its power. */
export function detectableEffect(powerOf: PowerOf, perArm: number, goal: PowerGoal): number {
  return firstEnough((effect) => powerOf(effect, perArm, goal) - goal.power, 0, 1);
}

/** Where an increasing function that is below 0 at `least` reaches 0, looked for to `most` and beyond; `Infinity` where it does not. */
function firstEnough(surplus: (x: number) => number, least: number, most: number): number {
  let end = most;
  while (surplus(end) < 0) {
    end *= 2;
    if (end > 1e15) return Infinity;
  }
  return rootOf(surplus, least, end);
}

/** By how much clusters of this size inflate a variance (L. Kish, 1965). @param correlation of units of one cluster */
export function clusterInflation(clusterSize: number, correlation: number): number {
  return 1 + (clusterSize - 1) * correlation;
}

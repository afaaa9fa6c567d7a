/** How an asymptotic confidence sequence is laid out. */
export interface ConfidenceSequence {
  /** Probability that the sequence ever leaves out the truth; in (0, 1). */
  readonly alpha: number;
  /** The number of observations at which it is tightest. */
  readonly tunedFor: number;
}

/**
 * Half-width of a confidence sequence for a mean, valid at every look at once: by Robbins' normal mixture
 * (I. Waudby-Smith, D. Arbour, R. Sinha, E. H. Kennedy and A. Ramdas, "Time-uniform central limit theory and
 * asymptotic confidence sequences", 2021, theorem 2.2), tuned as in their appendix B.
 *
 * @param standardError of the mean at this look.
 * @param observations that the mean rests on, here buckets; at least 1.
 */
export function sequenceHalfWidth(standardError: number, observations: number, sequence: ConfidenceSequence): number {
  const mixed = mixedOf(observations, sequence);
  return standardError * Math.sqrt(((2 * (mixed + 1)) / mixed) * Math.log(Math.sqrt(mixed + 1) / sequence.alpha));
}

/**
 * The smallest α at which such a sequence around the estimate leaves out 0 (the same, equation 155): a p value that holds at every look
 * at once. The variance of the mixture stays that of `sequence`.
 */
export function anytimePValue(
  estimate: number,
  standardError: number,
  observations: number,
  sequence: ConfidenceSequence,
): number {
  if (!(standardError > 0)) return 1;
  const mixed = mixedOf(observations, sequence);
  const z = estimate / standardError;
  // As a logarithm: the evidence itself is beyond a double from z = 38 on.
  return Math.min(1, Math.exp(Math.log(mixed + 1) / 2 - (z * z * mixed) / (2 * (mixed + 1))));
}

/** Half-width of a one-sided sequence, a bound on one side only (the same, equation 134). @param sequence its alpha is below ½ */
export function oneSidedHalfWidth(standardError: number, observations: number, sequence: ConfidenceSequence): number {
  const mixed = mixedOf(observations, { ...sequence, alpha: 2 * sequence.alpha });
  return (
    standardError * Math.sqrt(((2 * (mixed + 1)) / mixed) * Math.log1p(Math.sqrt(mixed + 1) / (2 * sequence.alpha)))
  );
}

/**
 * The same with a standard error that is itself an estimate with few degrees of freedom: the boundary of the sequential t
 * test with a normal mixture over the effect (M. Gönen, W. O. Johnson, Y. Lu and P. H. Westfall, The American Statistician
 * 59, 2005; as a confidence sequence H. Wang and A. Ramdas, "Anytime-valid t-tests and confidence sequences for Gaussian
 * means with unknown variance", 2024). With many degrees of freedom it is `sequenceHalfWidth`.
 *
 * @param standardError from deviations around the sample's own mean, not corrected for that.
 * @returns Infinity while so few degrees of freedom cannot tell.
 */
export function estimatedHalfWidth(
  standardError: number,
  observations: number,
  degreesOfFreedom: number,
  sequence: ConfidenceSequence,
): number {
  const mixed = mixedOf(observations, sequence);
  const odds = (Math.sqrt(mixed + 1) / sequence.alpha) ** (2 / (degreesOfFreedom + 1));
  if (degreesOfFreedom <= 0 || odds >= mixed + 1) return Infinity;
  const squared = ((degreesOfFreedom + 1) * (odds - 1) * (mixed + 1)) / (mixed + 1 - odds);
  return standardError * Math.sqrt(squared);
}

/** Observations × the variance of the mixture. */
function mixedOf(observations: number, { alpha, tunedFor }: ConfidenceSequence): number {
  const looseness = -2 * Math.log(alpha);
  return (observations * (looseness + Math.log(looseness + 1))) / tunedFor;
}

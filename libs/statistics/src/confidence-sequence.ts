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
  const { alpha, tunedFor } = sequence;
  const looseness = -2 * Math.log(alpha);
  const mixed = (observations * (looseness + Math.log(looseness + 1))) / tunedFor;
  return standardError * Math.sqrt(((2 * (mixed + 1)) / mixed) * Math.log(Math.sqrt(mixed + 1) / alpha));
}

import jstat from 'jstat';

const { studentt } = jstat.jStat;

/**
 * The value below which a variable of Student's t distribution stays with this probability. Relative error below 1e-6 for
 * probabilities between 0.5 and 0.9999 and up to 1,000 degrees of freedom, as the golden file shows.
 *
 * @param probability strictly between 0 and 1
 * @param freedom degrees of freedom, above 0
 */
export function studentQuantile(probability: number, freedom: number): number {
  return studentt.inv(probability, freedom);
}

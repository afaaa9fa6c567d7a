/**
 * The p values of several tests, each adjusted so that those at most `q` are false discoveries in a share of at most `q` on
 * average: the step-up procedure of Benjamini and Hochberg (J. R. Stat. Soc. B 57, 1995), for tests that are independent or
 * positively dependent.
 *
 * @param pValues in any order
 * @returns in the same order
 */
export function adjustedPValues(pValues: readonly number[]): number[] {
  const byValue = pValues.map((_, i) => i).sort((a, b) => (pValues[b] as number) - (pValues[a] as number));
  const adjusted = [...pValues];
  let least = 1;
  byValue.forEach((i, fromLargest) => {
    least = Math.min(least, ((pValues[i] as number) * pValues.length) / (pValues.length - fromLargest));
    adjusted[i] = least;
  });
  return adjusted;
}

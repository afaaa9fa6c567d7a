import { logGamma } from '../loader.js';

/**
 * Whether counts have the planned shares, at every look at once: the smallest α at which a sequential multinomial test with a Dirichlet
 * mixture around them rejects (M. Lindon and A. Malek, "Anytime-valid inference for multinomial count data", NeurIPS 2022).
 *
 * @param weights of the counts, above 0, in any unit
 * @param concentration of the mixture: how near to the plan a mismatch is looked for
 */
export function anytimeSharesP(counts: readonly number[], weights: readonly number[], concentration = 10_000): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let all = 0;
  let logOdds = 0;
  counts.forEach((count, i) => {
    const share = (weights[i] as number) / total;
    const prior = concentration * share;
    logOdds += logGamma(prior + count) - logGamma(prior) - count * Math.log(share);
    all += count;
  });
  logOdds += logGamma(concentration) - logGamma(concentration + all);
  return Math.min(1, Math.exp(-logOdds));
}

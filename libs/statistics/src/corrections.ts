import { adjustedPValues } from './false-discovery.js';

/** Adjusted p values in the order of what is given; several tests at once are then held against α as one is. */
export type Correction = (pValues: readonly number[]) => number[];

/** For tests that depend on each other in any way (C. E. Bonferroni, 1936). */
const bonferroni: Correction = (pValues) => pValues.map((p) => Math.min(1, p * pValues.length));

/** The same guarantee, and never larger (S. Holm, Scandinavian Journal of Statistics 6, 1979). */
const holm: Correction = (pValues) => {
  const adjusted = [...pValues];
  let most = 0;
  ascending(pValues).forEach((i, rank) => {
    most = Math.max(most, Math.min(1, (pValues[i] as number) * (pValues.length - rank)));
    adjusted[i] = most;
  });
  return adjusted;
};

/** The share of false discoveries under any dependence (Y. Benjamini and D. Yekutieli, Annals of Statistics 29, 2001). */
const benjaminiYekutieli: Correction = (pValues) => {
  let harmonic = 0;
  for (let i = pValues.length; i > 0; i--) harmonic += 1 / i;
  const order = ascending(pValues).reverse();
  const adjusted = [...pValues];
  let least = 1;
  order.forEach((i, fromLargest) => {
    least = Math.min(least, ((pValues[i] as number) * pValues.length * harmonic) / (pValues.length - fromLargest));
    adjusted[i] = least;
  });
  return adjusted;
};

/** Every correction, by its name in definitions and reports. */
export const corrections = {
  bonferroni,
  holm,
  benjaminiHochberg: adjustedPValues,
  benjaminiYekutieli,
} as const satisfies Readonly<Record<string, Correction>>;

export type CorrectionName = keyof typeof corrections;
export const correctionNames = Object.keys(corrections) as readonly CorrectionName[];

function ascending(pValues: readonly number[]): number[] {
  return pValues.map((_, i) => i).sort((a, b) => (pValues[a] as number) - (pValues[b] as number));
}

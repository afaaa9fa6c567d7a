import { normalCdf, normalQuantile } from '../normal.js';

/** How much of α is spent by a share of the information (K. K. G. Lan and D. L. DeMets, Biometrika 70, 1983), two-sided. */
export type Spending = (share: number, alpha: number) => number;

export const spendings = {
  /** As O'Brien and Fleming: hardly anything early. */
  obrienFleming: (share, alpha) => 4 * normalCdf(normalQuantile(alpha / 4) / Math.sqrt(share)),
  /** As Pocock: about evenly. */
  pocock: (share, alpha) => alpha * Math.log(1 + (Math.E - 1) * share),
} as const satisfies Readonly<Record<string, Spending>>;

export type SpendingName = keyof typeof spendings;

/**
 * Sums that may outgrow one number. Whole numbers are exact in a `Float64Array` below 2⁵³; where that is too little for a
 * sum, a second number counts how often the first has passed it. So a sum of terms below 2⁵³ is exact, in any order of
 * adding and taking away, up to 2¹⁰⁶.
 */

/** What one step of the high word stands for. */
export const wordSize = 2 ** 53;

/** Adds a whole number, not negative and below `wordSize`, to the sum whose words stand at `low` and `high`. */
export function addWide(values: Float64Array, low: number, high: number, term: number): void {
  const before = values[low]!;
  // Their sum itself would be rounded.
  const room = wordSize - term;
  if (before < room) values[low] = before + term;
  else {
    values[low] = before - room;
    values[high]!++;
  }
}

/** Takes away what was added before. */
export function subtractWide(values: Float64Array, low: number, high: number, term: number): void {
  const before = values[low]!;
  if (before >= term) values[low] = before - term;
  else {
    values[low] = before + (wordSize - term);
    values[high]!--;
  }
}

/** A sum as one number: exact below 2⁵³, above it rounded to 53 bits. */
export function wideValue(low: number, high: number): number {
  return high * wordSize + low;
}

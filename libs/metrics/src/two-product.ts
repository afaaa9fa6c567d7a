const splitter = 2 ** 27 + 1;

/**
 * The square of a number as two numbers whose sum it is exactly: what it is rounded to, and the rest (T. J. Dekker, A
 * floating-point technique for extending the available precision, 1971). Of sizes up to 2⁴⁰⁰.
 */
export function squareOf(value: number): readonly [rounded: number, rest: number] {
  const square = value * value;
  const scaled = splitter * value;
  const high = scaled - (scaled - value);
  const low = value - high;
  return [square, low * low - (square - high * high - 2 * high * low)];
}

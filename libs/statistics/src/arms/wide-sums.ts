import type { Moments, PairMoments } from './moments.js';

/** The largest number that sums take: its square and the square of a sum of 2⁴⁰ of them are still finite. */
export const largestValue = 1e100;
const splitter = 2 ** 27 + 1;

/**
 * Sums of two numbers of each unit, their squares and their product, each in two doubles (T. J. Dekker, 1971): 106 bits, so that a
 * variance keeps its digits where the mean is 10⁸ times as large. Of a single number the second is 0.
 */
export class WideSums {
  count = 0;
  /** Sums of x, y, x², y², xy: high and low parts. */
  private readonly parts = new Float64Array(10);

  add(x: number, y: number): void {
    this.count += 1;
    this.addOne(0, x);
    this.addProduct(4, x, x);
    if (y === 0) return;
    this.addOne(2, y);
    this.addProduct(6, y, y);
    this.addProduct(8, x, y);
  }

  /** The same of 0 or 1, whose square is itself: whole numbers need one double. */
  addBit(x: number): void {
    this.count += 1;
    (this.parts[0] as number) += x;
    (this.parts[4] as number) += x;
  }

  get sum(): number {
    return (this.parts[0] as number) + (this.parts[1] as number);
  }

  moments(): Moments {
    return { count: this.count, mean: this.sum / this.count, deviations: Math.max(0, this.deviations(0, 0, 4)) };
  }

  pairs(): PairMoments {
    const { count, parts } = this;
    return {
      count,
      meanX: this.sum / count,
      meanY: ((parts[2] as number) + (parts[3] as number)) / count,
      deviationsX: Math.max(0, this.deviations(0, 0, 4)),
      deviationsY: Math.max(0, this.deviations(2, 2, 6)),
      products: this.deviations(0, 2, 8),
    };
  }

  /** Σab − Σa·Σb / n, both in two doubles: what is left of the difference is right. */
  private deviations(a: number, b: number, product: number): number {
    if (this.count === 0) return 0;
    const { parts, count } = this;
    const [aHigh, aLow] = normal(parts[a] as number, parts[a + 1] as number);
    const [bHigh, bLow] = normal(parts[b] as number, parts[b + 1] as number);
    const [pHigh, pLow] = normal(parts[product] as number, parts[product + 1] as number);
    const square = aHigh * bHigh;
    const squareLow = productError(aHigh, bHigh, square) + aHigh * bLow + aLow * bHigh;
    const scaled = pHigh * count;
    const scaledLow = productError(pHigh, count, scaled) + pLow * count;
    return (scaled - square + (scaledLow - squareLow)) / count;
  }

  private addOne(at: number, value: number): void {
    const { parts } = this;
    const high = parts[at] as number;
    const sum = high + value;
    const part = sum - high;
    parts[at] = sum;
    (parts[at + 1] as number) += high - (sum - part) + (value - part);
  }

  private addProduct(at: number, x: number, y: number): void {
    const product = x * y;
    this.addOne(at, product);
    (this.parts[at + 1] as number) += productError(x, y, product);
  }
}

function normal(high: number, low: number): [number, number] {
  const sum = high + low;
  return [sum, low - (sum - high)];
}

/** What rounding took off a product. */
function productError(x: number, y: number, product: number): number {
  const xScaled = splitter * x;
  const xHigh = xScaled - (xScaled - x);
  const xLow = x - xHigh;
  const yScaled = splitter * y;
  const yHigh = yScaled - (yScaled - y);
  const yLow = y - yHigh;
  return xLow * yLow - (product - xHigh * yHigh - xLow * yHigh - xHigh * yLow);
}

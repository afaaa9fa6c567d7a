/** Nodes and weights of Gauss and Legendre with 10 points on [−1, 1]: the positive half. */
const nodes = [
  [0.14887433898163122, 0.29552422471475287],
  [0.4333953941292472, 0.26926671930999635],
  [0.6794095682990244, 0.21908636251598204],
  [0.8650633666889845, 0.1494513491505806],
  [0.9739065285171717, 0.06667134430868814],
] as const;

/** ∫ f from a to b, in so many panels of ten points each. */
export function integral(f: (x: number) => number, a: number, b: number, panels: number): number {
  const half = (b - a) / panels / 2;
  let sum = 0;
  for (let panel = 0; panel < panels; panel++) {
    const middle = a + (2 * panel + 1) * half;
    for (const [node, weight] of nodes) sum += weight * (f(middle - half * node) + f(middle + half * node));
  }
  return sum * half;
}

/**
 * Where an increasing function is 0, between two ends at which it has different signs (C. Ridders, IEEE Transactions on Circuits and
 * Systems 26, 1979: bisection that takes the bend out). To the last bits unless told otherwise.
 */
export function rootOf(f: (x: number) => number, low: number, high: number, tolerance = 1e-15): number {
  let [a, b] = [low, high];
  let [atA, atB] = [f(a), f(b)];
  for (let step = 0; step < 100 && b - a > tolerance * Math.abs(a + b); step++) {
    const middle = (a + b) / 2;
    const atMiddle = f(middle);
    if (atMiddle === 0) return middle;
    const bend = Math.sqrt(atMiddle * atMiddle - atA * atB);
    const guess = bend > 0 ? middle + ((middle - a) * -atMiddle) / bend : middle;
    const atGuess = guess === middle ? atMiddle : f(guess);
    if (atGuess === 0) return guess;
    // The narrowest of the pieces that still has the change of signs.
    const ends = [
      [a, atA],
      [middle, atMiddle],
      [guess, atGuess],
      [b, atB],
    ] as const;
    for (const [x, y] of ends) {
      if (y < 0 && x > a) [a, atA] = [x, y];
      if (y > 0 && x < b) [b, atB] = [x, y];
    }
  }
  return (a + b) / 2;
}

import { mulberry32 } from '@moola/contracts/mulberry32';

/** Random numbers of a seed: the same every time. */
export interface Draws {
  /** In [0, 1). */
  next(): number;
  /** Standard normal (G. E. P. Box and M. E. Muller, 1958). */
  normal(): number;
  /** With mean 1. */
  exponential(): number;
}

export function drawsOf(seed: number): Draws {
  const whole = mulberry32(seed);
  const next = (): number => whole() / 2 ** 32;
  return {
    next,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    exponential: () => -Math.log(1 - next()),
  };
}

/** Bins of an octave (from a power of two to the next). */
const binsPerOctave = 64;
const octaves = 32;
const lowestExponent = -10;
const lowest = 2 ** lowestExponent;
const topBin = octaves * binsPerOctave;

/** How many bins there are. */
export const binCount = topBin + 1;

/** A percentile differs from the exact one by at most this share of it, within the sketch's range. */
export const relativeError = 1 / (2 * binsPerOctave);

/** The sketch's range: 2⁻¹⁰ (about 0.001) to 2²² (about 4.2 million). Smaller values count as 0, larger as the top. */
export const sketchRange = { from: lowest, to: 2 ** (lowestExponent + octaves) } as const;

const scratch = new Float64Array(1);
const words = new Uint32Array(scratch.buffer);
const highWord = new Uint32Array(new Float64Array([1]).buffer)[1] === 0 ? 0 : 1;

/**
 * The bin of a value: 0 for all below the range, else 1 + octave · 64 + the highest six bits of the mantissa. Taken
 * from the number's bits, so that it is the same on every machine, which a logarithm is not.
 */
export function binOf(value: number): number {
  if (!(value >= lowest)) return 0;
  scratch[0] = value;
  const high = words[highWord] as number;
  const bin = 1 + (((high >>> 20) & 0x7ff) - 1023 - lowestExponent) * binsPerOctave + ((high >>> 14) & 0x3f);
  return bin > topBin ? topBin : bin;
}

/** The middle of a bin. */
export function valueOf(bin: number): number {
  if (bin === 0) return 0;
  const octave = Math.floor((bin - 1) / binsPerOctave) + lowestExponent;
  const step = (bin - 1) % binsPerOctave;
  return 2 ** octave * (1 + (step + 0.5) / binsPerOctave);
}

/** Whether a value lies outside the range and is counted at its end; 0 itself is within. */
export function collapses(value: number, bin: number): boolean {
  return value >= sketchRange.to || (bin === 0 && value !== 0);
}

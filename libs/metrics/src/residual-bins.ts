/** Bins of an octave (from a power of two to the next). */
const binsPerOctave = 8;
/** Sizes below 2 to the power of it count as 0; those of 2¹⁰⁴ and more, which no event can have, as the largest. */
const lowestExponent = -64;
const octaves = 168;
const topBin = octaves * binsPerOctave;

const scratch = new DataView(new ArrayBuffer(8));

/**
 * The bin of a residual, by its size and its sign: a whole number below 65,536. An octave has eight bins of equal width, so that every
 * k · 2ᵐ with a whole k up to 16 is an edge between two of them: `residualHistogram` counts exactly between such.
 */
export function residualBin(residual: number): number {
  // From the number's bits, so that it is the same on every machine, which a logarithm is not.
  scratch.setFloat64(0, Math.abs(residual));
  const high = scratch.getUint32(0);
  const octave = (high >>> 20) - 1023 - lowestExponent;
  if (octave < 0) return 0;
  const bin = Math.min(topBin, 1 + octave * binsPerOctave + ((high >>> 17) & 0x7));
  return residual < 0 ? 2 * bin + 1 : 2 * bin;
}

/** The end of a bin that is nearer to 0, with its sign: it belongs to the bin. */
export function innerEdge(bin: number): number {
  const size = Math.floor(bin / 2);
  if (size === 0) return 0;
  const edge = octaveOf(size) * (1 + ((size - 1) % binsPerOctave) / binsPerOctave);
  return isNegative(bin) ? -edge : edge;
}

/** The first power of two above the sizes that a bin holds; 0 of the bin of 0. */
export function octaveEnd(bin: number): number {
  const size = Math.floor(bin / 2);
  return size === 0 ? 0 : 2 * octaveOf(size);
}

/** Whether a bin is one of residuals below 0. */
export function isNegative(bin: number): boolean {
  return bin % 2 === 1;
}

function octaveOf(size: number): number {
  return 2 ** (Math.floor((size - 1) / binsPerOctave) + lowestExponent);
}

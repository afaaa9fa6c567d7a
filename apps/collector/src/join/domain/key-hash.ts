/**
 * 128-bit hashes of keys: MurmurHash3_x86_128 (Appleby 2011) over UTF-16 code units, low byte first as on every platform
 * that Node runs on today, the last block padded with zeros, the length mixed in at the end.
 *
 * Whole keys are not kept, so two keys with one hash would count as one. Among a thousand million live keys the
 * probability of any such pair is about 1.5e-21. The hash is no defence against producers who search for collisions:
 * producers are trusted with their own models' figures anyway.
 */
export type KeyHash = Uint32Array;

const c1 = 0x239b961b;
const c2 = 0xab0e9789;
const c3 = 0x38b34ae5;
const c4 = 0xa1e38b93;

/** What is being hashed: code units, and the same as words of two. Longer keys make it longer. */
let units = new Uint16Array(512);
let words = new Uint32Array(units.buffer);

/** @param seed 4 words: another key's hash, for keys of several parts. @param into 4 words; may be the seed. */
export function hashText(text: string, seed: KeyHash, into: KeyHash): void {
  const { length } = text;
  makeRoom(length);
  for (let i = 0; i < length; i++) units[i] = text.charCodeAt(i);
  hashUnits(length, seed, into);
}

/** The same for a text that lies in ASCII bytes. */
export function hashAscii(bytes: Uint8Array, start: number, end: number, seed: KeyHash, into: KeyHash): void {
  const length = end - start;
  makeRoom(length);
  for (let i = 0; i < length; i++) units[i] = bytes[start + i] as number;
  hashUnits(length, seed, into);
}

function makeRoom(length: number): void {
  if (length <= units.length) return;
  units = new Uint16Array(2 * Math.ceil(length / 8) * 8);
  words = new Uint32Array(units.buffer);
}

function hashUnits(length: number, seed: KeyHash, into: KeyHash): void {
  let h1 = seed[0] as number;
  let h2 = seed[1] as number;
  let h3 = seed[2] as number;
  let h4 = seed[3] as number;
  const end = Math.ceil(length / 8) * 8;
  for (let i = length; i < end; i++) units[i] = 0;
  for (let i = 0; i < end / 2; i += 4) {
    h1 ^= Math.imul(rotate(Math.imul(words[i] as number, c1), 15), c2);
    h1 = (Math.imul(rotate(h1, 19) + h2, 5) + 0x561ccd1b) | 0;
    h2 ^= Math.imul(rotate(Math.imul(words[i + 1] as number, c2), 16), c3);
    h2 = (Math.imul(rotate(h2, 17) + h3, 5) + 0x0bcaa747) | 0;
    h3 ^= Math.imul(rotate(Math.imul(words[i + 2] as number, c3), 17), c4);
    h3 = (Math.imul(rotate(h3, 15) + h4, 5) + 0x96cd1c35) | 0;
    h4 ^= Math.imul(rotate(Math.imul(words[i + 3] as number, c4), 18), c1);
    h4 = (Math.imul(rotate(h4, 13) + h1, 5) + 0x32ac3b17) | 0;
  }
  h1 ^= length;
  h2 ^= length;
  h3 ^= length;
  h4 ^= length;
  h1 = (h1 + h2 + h3 + h4) | 0;
  h2 = (h2 + h1) | 0;
  h3 = (h3 + h1) | 0;
  h4 = (h4 + h1) | 0;
  h1 = finalMix(h1);
  h2 = finalMix(h2);
  h3 = finalMix(h3);
  h4 = finalMix(h4);
  h1 = (h1 + h2 + h3 + h4) | 0;
  into[0] = h1;
  into[1] = h2 + h1;
  into[2] = h3 + h1;
  into[3] = h4 + h1;
}

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}

function finalMix(word: number): number {
  let mixed = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

import { delimitedSize, varintSize } from '../byte-sink.js';

/** How many bytes a field takes with a tag below 16; protobuf leaves out what is empty, and zero (−0 is no zero). */
export function textSize(bytes: Uint8Array): number {
  return bytes.length === 0 ? 0 : delimitedSize(bytes.length);
}

export function doubleSize(value: number): number {
  return isZero(value) ? 0 : 9;
}

export function unsignedSize(value: number): number {
  return value === 0 ? 0 : 1 + varintSize(value);
}

export function isZero(value: number): boolean {
  return Object.is(value, 0);
}

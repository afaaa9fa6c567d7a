import { expectFormat } from '@moola/contracts/entry-format';

/** A place in the order of one source's rows, over all its log epochs. */
export interface SourcePosition {
  /** Log epoch of the partition that the source read: a larger one is newer, whatever the offset. */
  readonly epoch: number;
  readonly offset: number;
  readonly ordinal: number;
}

const format = 1;

export function isOlder(a: SourcePosition, b: SourcePosition): boolean {
  if (a.epoch !== b.epoch) return a.epoch < b.epoch;
  return a.offset !== b.offset ? a.offset < b.offset : a.ordinal < b.ordinal;
}

/** A position as a checkpoint entry. */
export function encodePosition({ epoch, offset, ordinal }: SourcePosition): Uint8Array {
  const bytes = new Uint8Array(17);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, format);
  view.setUint32(1, epoch, true);
  view.setFloat64(5, offset, true);
  view.setUint32(13, ordinal, true);
  return bytes;
}

/** @param key of the entry, for the error's message */
export function decodePosition(key: string, bytes: Uint8Array): SourcePosition {
  expectFormat(key, bytes[0], format);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    epoch: view.getUint32(1, true),
    offset: view.getFloat64(5, true),
    ordinal: view.getUint32(13, true),
  };
}

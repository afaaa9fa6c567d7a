import type { RowPacker } from './topic.js';

/** Packs rows that are all there: what a codec that packs them as they come encodes. */
export function packRows<T>(packer: RowPacker<T>, rows: readonly T[]): Uint8Array {
  for (const row of rows) packer.add(row);
  return packer.finish();
}

import { fnv1a } from './fnv.js';

/** The partition of a key. Fixed for ever. */
export function partitionOf(key: string, partitions: number): number {
  return fnv1a(key) % partitions;
}

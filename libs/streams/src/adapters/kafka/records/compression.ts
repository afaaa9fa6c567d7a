import { constants, gunzipSync, gzip } from 'node:zlib';
import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import type { KafkaCompression } from '../kafka-settings.js';

/** A codec's number in the attributes of a record batch. */
export const codecNumbers: Readonly<Record<KafkaCompression, number>> = { none: 0, gzip: 1 };

const names = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];

/** Records are compressed in a way that this program cannot read. */
export class UnsupportedCompressionError extends Error {
  override readonly name = 'UnsupportedCompressionError';
  constructor(codec: number) {
    super(
      `the records are compressed by ${names[codec] ?? `codec ${codec}`}, which cannot be read here: set the topic's ` +
        `compression.type to gzip, so that the broker stores them so whatever the producer does`,
    );
  }
}

const gzipAsync = promisify(gzip);

export async function compress(bytes: Uint8Array, compression: KafkaCompression): Promise<Uint8Array> {
  switch (compression) {
    case 'none':
      return bytes;
    case 'gzip':
      // The fastest level: columns are packed already, and higher levels cost several times as much for a few percent.
      return gzipAsync(bytes, { level: constants.Z_BEST_SPEED });
  }
}

/** @throws {UnsupportedCompressionError} */
export function decompress(bytes: Uint8Array, codec: number): Uint8Array {
  if (codec === 1) return gunzipSync(bytes);
  const { zstdDecompressSync } = zlib as { zstdDecompressSync?: (bytes: Uint8Array) => Uint8Array };
  if (codec === 4 && zstdDecompressSync) return zstdDecompressSync(bytes);
  throw new UnsupportedCompressionError(codec);
}

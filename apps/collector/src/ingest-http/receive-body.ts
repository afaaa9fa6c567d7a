import type { Readable } from 'node:stream';
import type { BodyShare } from './bytes-in-flight.js';

export interface BodyLimits {
  /** Largest body, in bytes. */
  readonly maximumBodyBytes: number;
  /**
   * A body of which less than {@link leastBytes} arrive within this time is given up, in milliseconds.
   * @default 10000
   */
  readonly stalledAfterMs?: number;
}

/** Of a body that is on its way, so many bytes must arrive in each span: a client that drips holds room from others. */
export const leastBytes = 64 * 1024;

/** Why a body was not received. */
export type BodyFailure = 'too large' | 'no room' | 'stalled' | 'broken off';

export class BodyError extends Error {
  override readonly name = 'BodyError';
  constructor(readonly failure: BodyFailure) {
    super(failure);
  }
}

/**
 * Reads a body whole, within limits. Bytes take room as they arrive.
 * @throws {BodyError} what is still on its way is then read and thrown away
 */
export function receiveBody(payload: Readable, share: BodyShare, limits: BodyLimits): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    let lengthBefore = 0;
    const end = (): void => {
      clearInterval(watch);
      payload.off('data', onData).off('end', onEnd).off('close', onClose);
    };
    const fail = (failure: BodyFailure): void => {
      end();
      chunks.length = 0;
      share.release();
      payload.resume();
      reject(new BodyError(failure));
    };
    const onData = (chunk: Buffer): void => {
      length += chunk.length;
      if (length > limits.maximumBodyBytes) return fail('too large');
      if (!share.fits(chunk.length)) return fail('no room');
      share.add(chunk.length);
      chunks.push(chunk);
    };
    const onEnd = (): void => {
      end();
      resolve(Buffer.concat(chunks, length));
    };
    const onClose = (): void => fail('broken off');
    const watch = setInterval(() => {
      if (length - lengthBefore < leastBytes) fail('stalled');
      lengthBefore = length;
    }, limits.stalledAfterMs ?? 10_000);
    payload.on('data', onData).once('end', onEnd).once('close', onClose);
    // A connection that breaks ends in "close" as well; without a listener its error would end the process.
    payload.on('error', () => undefined);
  });
}

import { randomUUID } from 'node:crypto';
import type { CheckpointSave } from '../../ports/checkpoint-store.js';
import { portionCount } from './checkpoint-reader.js';
import type { RedisConnection } from './connection.js';
import { RedisStoreError } from './errors.js';
import type { TaskKeys } from './task-keys.js';

/** What one script writes at most; a larger checkpoint is written beside the old one and then flipped. */
export const scriptEntries = 4000;
export const scriptBytes = 4 * 1024 * 1024;

/** What one script folds at most: nobody should wait long behind it. */
const foldedAtOnce = 1000;

const put = Buffer.from('+');
const deletion = Buffer.from('-');

export function isLarge({ changes }: CheckpointSave): boolean {
  if (changes.size > scriptEntries) return true;
  let bytes = 0;
  for (const [key, value] of changes) bytes += key.length + (value?.length ?? 0);
  return bytes > scriptBytes;
}

export type Written = 'saved' | 'fenced' | 'overlay';

/**
 * Writes a large checkpoint beside the old one, then makes it the checkpoint by one script that compares token and
 * sequence. Until then the old one is whole; from then on the new one is entries and overlay together. An attempt has a
 * name of its own, so that nothing of one that was given up gets into the next.
 */
export async function saveByOverlay(
  connection: RedisConnection,
  doing: string,
  keys: TaskKeys,
  save: CheckpointSave,
  abandonedAfterMs: number,
): Promise<Written> {
  const attempt = [save.token, save.buildsOn, randomUUID()];
  const [begun] = await connection.script(doing, 'begin', keys, [...attempt, abandonedAfterMs]);
  if (begun !== 'staged') return begun === 'overlay' ? 'overlay' : 'fenced';
  for (const chunk of chunks(save.changes)) {
    const [staged] = await connection.script(doing, 'stage', keys, [...attempt, abandonedAfterMs, ...chunk]);
    if (staged !== 'staged') return 'fenced';
  }
  const [flipped] = await connection.script(doing, 'flip', keys, [
    ...attempt,
    save.buildsOn + 1,
    save.position,
    save.changes.size,
    abandonedAfterMs,
  ]);
  if (flipped === 'incomplete')
    throw new RedisStoreError(
      'unexpected',
      `Redis at ${connection.address}: cannot ${doing}: changes that it had acknowledged are gone; nothing was saved`,
    );
  return flipped === 'saved' ? 'saved' : 'fenced';
}

function* chunks(changes: CheckpointSave['changes']): Generator<(string | Buffer)[]> {
  let chunk: (string | Buffer)[] = [];
  let bytes = 0;
  for (const [key, value] of changes) {
    const size = key.length + (value?.length ?? 0);
    if (chunk.length > 0 && (bytes + size > scriptBytes || chunk.length >= 2 * scriptEntries)) {
      yield chunk;
      chunk = [];
      bytes = 0;
    }
    chunk.push(key, value === null ? deletion : Buffer.concat([put, value]));
    bytes += size;
  }
  if (chunk.length > 0) yield chunk;
}

/**
 * Moves what lies in the overlay to the entries, by small scripts. Whoever owns the task may begin it and go on with
 * it: entries and overlay together mean the same before and after each.
 */
export async function foldOverlay(
  connection: RedisConnection,
  doing: string,
  keys: TaskKeys,
  token: string,
): Promise<'folded' | 'fenced' | 'damaged'> {
  let cursor = '0';
  let count = 250;
  for (;;) {
    const [state, next, bytes] = await connection.script(doing, 'fold', keys, [token, cursor, count]);
    if (state !== 'more') return state === 'folded' || state === 'damaged' ? state : 'fenced';
    // A restart in between leaves a cursor without meaning: what it has skipped is found in the next round.
    cursor = next ?? '0';
    count = portionCount(count, Number(bytes), foldedAtOnce);
  }
}

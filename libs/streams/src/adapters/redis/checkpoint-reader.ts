import type { RedisConnection } from './connection.js';
import type { TaskKeys } from './task-keys.js';

/** Entries are asked for in portions of about this size, so that nobody waits long behind one. */
const portionBytes = 1024 * 1024;

/** How many to ask for next, when so many had so many bytes. */
export function portionCount(count: number, bytes: number, most: number): number {
  return Math.min(most, Math.max(20, Math.round((count * portionBytes) / Math.max(1, bytes))));
}

/** All entries, in no order. What is changed meanwhile may or may not show: the caller compares token and sequence. */
export async function readEntries(
  connection: RedisConnection,
  doing: string,
  keys: TaskKeys,
): Promise<Map<string, Uint8Array>> {
  const entries = new Map<string, Uint8Array>();
  let cursor = '0';
  let count = 250;
  do {
    const [next, found] = await connection.run(doing, (client) =>
      client.hscanBuffer(keys.entries, cursor, 'COUNT', count),
    );
    let bytes = 0;
    for (let at = 0; at + 1 < found.length; at += 2) {
      const [key, value] = [found[at] as Buffer, found[at + 1] as Buffer];
      bytes += key.length + value.length;
      // A copy: a value would otherwise keep the whole answer that it came in.
      entries.set(key.toString('utf8'), Buffer.from(value));
    }
    count = portionCount(count, bytes, 5000);
    cursor = next.toString();
  } while (cursor !== '0');
  return entries;
}

/** What the head says of owner and checkpoint. */
export interface Head {
  readonly token: string | null;
  readonly sequence: number;
  readonly position: number;
  /** How many entries the checkpoint has. */
  readonly count: number;
  /** Changes that lie in the overlay. */
  readonly overlay: number;
}

export async function readHead(connection: RedisConnection, doing: string, keys: TaskKeys): Promise<Head> {
  const [token, sequence, position, count, overlay] = await connection.run(doing, (client) =>
    client.hmget(keys.head, 'token', 'sequence', 'position', 'count', 'overlay'),
  );
  return {
    token: token ?? null,
    sequence: Number(sequence ?? 0),
    position: Number(position ?? 0),
    count: Number(count ?? 0),
    overlay: Number(overlay ?? 0),
  };
}

import type { Snapshot } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { topics } from '@moola/contracts/topics';
import type { EventLog } from '@moola/streams/ports/event-log';
import { bucketOf, minute, windowOf } from '../../testing/facts.js';
import { at, records } from './history-under-test.js';

/** Facts of so many versions in the n-th minute; the same at every call. */
export function factsOfMinute(n: number, versions: number): Snapshot[] {
  return Array.from({ length: versions }, (_, version) => [
    windowOf(n * minute, `v${version}`, ((n * 7 + version) % 100) / 100, 'serves'),
    bucketOf(`v${version}`, n * minute, 0, { predictions: n + version, labelled: n, correct: n >> 1 }),
  ]).flat();
}

export async function appendMinutes(log: EventLog, from: number, until: number, versions: number): Promise<void> {
  for (let n = from; n < until; n++) {
    const facts = factsOfMinute(n, versions);
    const rows = facts.map((value) => ({ value }));
    await log.append(at(topics.snapshots), records(topics.snapshots, rows, n * facts.length));
  }
}

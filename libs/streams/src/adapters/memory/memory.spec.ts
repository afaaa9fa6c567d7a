import { describe, expect, it } from '@jest/globals';
import { describeCheckpointStore } from '../../ports/checkpoint-store.contract.js';
import { describeEventLog } from '../../ports/event-log.contract.js';
import { bytesOf, keptForEver } from '../../ports/event-log.contract-values.js';
import type { Assignment } from '../../ports/event-log.js';
import { eventually } from '../../testing/eventually.js';
import { MemoryCheckpointStore } from './memory-checkpoint-store.js';
import { MemoryLog } from './memory-log.js';

describeEventLog('memory', async () => {
  const log = new MemoryLog();
  return { log, enforceRetention: async () => log.enforceRetention(), end: () => log.close() };
});

describeCheckpointStore('memory', async () => {
  const store = new MemoryCheckpointStore();
  return { store, end: () => store.close() };
});

describe('a log in memory', () => {
  const at = { topic: 'moola.test.words.v1', partition: 0 };

  it('drops what it is told to, but nothing that a group may go back to', async () => {
    const log = new MemoryLog();
    await log.createTopics([keptForEver(at.topic, 1)]);
    await log.append(at, bytesOf('a', 'b', 'c', 'd'));
    log.dropBefore(at, 1);
    expect(await log.bounds(at)).toEqual({ first: 1, next: 4 });
    let position = 1;
    const held: Assignment[] = [];
    await log.join('readers', at.topic, {
      assigned: async (_partition, assignment) => {
        held.push(assignment);
        return 1;
      },
      batch: async ({ records }) => void (position += records.length),
      revoked: async () => undefined,
    });
    await eventually('all is read', async () => position === 4);
    log.dropBefore(at, 4);
    expect((await log.bounds(at)).first).toBe(1);
    held[0]?.commit(3);
    log.dropBefore(at, 4);
    expect((await log.bounds(at)).first).toBe(3);
    log.dropBefore(at, 2);
    expect((await log.bounds(at)).first).toBe(3);
    await log.close();
  });
});

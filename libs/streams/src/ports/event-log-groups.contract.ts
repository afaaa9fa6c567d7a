import { beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { GroupLedger } from './event-log.contract-member.js';
import { UnknownTopicError, type EventLog, type Subscription } from './event-log.js';
import { bytesOf, keptForEver, topicNames } from './event-log.contract-values.js';
import { deadlineMs, eventually } from '../testing/eventually.js';

const partitions = 4;

/** What members of a group may rely on. The ledger checks with every call that ownership, order and positions hold. */
export function describeGroups(log: () => EventLog): void {
  describe('groups', () => {
    let topic: string;
    let ledger: GroupLedger;
    const written: number[] = [];
    beforeEach(async () => {
      topic = topicNames.next();
      ledger = new GroupLedger(partitions);
      written.splice(0, partitions, ...new Array<number>(partitions).fill(0));
      await log().createTopics([keptForEver(topic, partitions)]);
    });
    const groupName = () => `group-${randomUUID()}`;
    const write = async (partition: number, count: number) => {
      const texts = Array.from({ length: count }, (_, n) => `${partition}:${(written[partition] ?? 0) + n}`);
      await log().append({ topic, partition }, bytesOf(...texts));
      written[partition] = (written[partition] ?? 0) + count;
    };
    const writeAll = async (count: number) => {
      for (let partition = 0; partition < partitions; partition++) await write(partition, count);
    };
    const allHandled = () =>
      eventually('everything is handled', () => ledger.positions.every((position, p) => position === written[p]));
    const story = (title: string, tell: () => Promise<void>) => it(title, tell, 2 * deadlineMs);

    story('give a lone member all partitions, and every record once and in order', async () => {
      await writeAll(10);
      const member = await ledger.join(log(), groupName(), topic, 'a');
      await allHandled();
      await writeAll(10);
      await allHandled();
      await member.close();
      expect(ledger.violations).toEqual([]);
      expect(ledger.handled).toEqual(ledger.expected(written));
      expect(ledger.owners()).toEqual([]);
    });

    story('begin where the member says', async () => {
      await writeAll(10);
      ledger.positions.splice(0, partitions, 3, 0, 10, 9);
      const member = await ledger.join(log(), groupName(), topic, 'a');
      await allHandled();
      await member.close();
      expect(ledger.violations).toEqual([]);
      expect(ledger.handled.map(({ length }) => length)).toEqual([7, 10, 0, 1]);
    });

    story('share partitions among members, each with one owner at a time', async () => {
      const group = groupName();
      const a = await ledger.join(log(), group, topic, 'a');
      await eventually('a holds all', () => ledger.held('a') === partitions);
      const b = await ledger.join(log(), group, topic, 'b');
      await eventually('both hold half', () => ledger.held('a') === 2 && ledger.held('b') === 2);
      await writeAll(5);
      await allHandled();
      await a.close();
      await eventually('b holds all', () => ledger.held('b') === partitions);
      await writeAll(5);
      await allHandled();
      await b.close();
      expect(ledger.violations).toEqual([]);
      expect(ledger.handled).toEqual(ledger.expected(written));
    });

    story('lose and repeat nothing while members come and go under load', async () => {
      const group = groupName();
      const stay = await ledger.join(log(), group, topic, 'stay');
      let writing = true;
      const writer = (async () => {
        while (writing) await writeAll(1 + ((written[0] ?? 0) % 3));
      })();
      for (let round = 0; round < 3; round++) {
        const name = `guest${round}`;
        const guest = await ledger.join(log(), group, topic, name);
        await eventually(`${name} holds some`, () => ledger.held(name) > 0);
        const before = [...ledger.positions];
        await eventually('all go on', () => ledger.positions.every((position, p) => position > (before[p] ?? 0)));
        await guest.close();
        expect(ledger.held(name)).toBe(0);
      }
      writing = false;
      await writer;
      await allHandled();
      await stay.close();
      expect(ledger.violations).toEqual([]);
      expect(ledger.handled).toEqual(ledger.expected(written));
    });

    story('with more members than partitions leave some without, until one goes', async () => {
      const group = groupName();
      const names = ['a', 'b', 'c', 'd', 'e'];
      const members = await Promise.all(names.map((name) => ledger.join(log(), group, topic, name)));
      await eventually('all partitions are held', () => ledger.owners().length === partitions);
      await eventually('four hold one', () => names.filter((name) => ledger.held(name) === 1).length === partitions);
      const holder = names.findIndex((name) => ledger.held(name) === 1);
      await members[holder]?.close();
      await eventually('all partitions are held again', () => ledger.owners().length === partitions);
      await Promise.all(members.map((member) => member.close()));
      expect(ledger.violations).toEqual([]);
    });

    story('of other names see everything for themselves', async () => {
      const other = new GroupLedger(partitions);
      const one = await ledger.join(log(), groupName(), topic, 'a');
      const two = await other.join(log(), groupName(), topic, 'a');
      await writeAll(5);
      await allHandled();
      await eventually('the other has all', () => other.positions.every((position) => position === 5));
      await Promise.all([one.close(), two.close()]);
      expect(other.handled).toEqual(ledger.handled);
    });

    story('hand a slow member nothing more of that partition, while others go on', async () => {
      const gate = ledger.holdUp(0);
      const member = await ledger.join(log(), groupName(), topic, 'a');
      await write(0, 1);
      await gate.reached;
      await write(0, 5);
      await write(1, 5);
      await eventually('the other partition goes on', () => ledger.positions[1] === 5);
      expect(ledger.batchesBegun(0)).toBe(1);
      gate.open();
      await allHandled();
      await member.close();
      expect(ledger.violations).toEqual([]);
    });

    story('let the batch in hand end before a partition is revoked', async () => {
      const gate = ledger.holdUp(2);
      const member = await ledger.join(log(), groupName(), topic, 'a');
      await write(2, 3);
      await gate.reached;
      const closed = member.close();
      gate.open();
      await closed;
      expect(ledger.violations).toEqual([]);
      expect(ledger.positions[2]).toBeGreaterThan(0);
      expect(ledger.owners()).toEqual([]);
    });

    story('hand over batches that need several reads', async () => {
      const big = new Uint8Array(300_000).fill(1);
      for (let n = 0; n < 12; n++) await log().append({ topic, partition: 3 }, [big]);
      const member = await ledger.join(log(), groupName(), topic, 'a');
      await eventually('all are handled', () => ledger.positions[3] === 12);
      await member.close();
      expect(ledger.violations).toEqual([]);
    });

    story('tell by `failed` when a batch cannot be handled, and others can take over', async () => {
      const group = groupName();
      const broken = new Error('out of memory');
      ledger.failNextBatch(1, broken);
      const member = await ledger.join(log(), group, topic, 'a');
      await write(1, 2);
      await expect(member.failed).rejects.toBe(broken);
      await member.close();
      expect(ledger.positions[1]).toBe(0);
      ledger.forget('a');
      const next = await ledger.join(log(), group, topic, 'b');
      await allHandled();
      await next.close();
      expect(ledger.violations).toEqual([]);
    });

    story('tell by `failed` when a partition cannot be taken over', async () => {
      const broken = new Error('checkpoint has format 9');
      ledger.failNextAssignment(3, broken);
      const member = await ledger.join(log(), groupName(), topic, 'a');
      await expect(member.failed).rejects.toBe(broken);
      await member.close();
    });

    story('assign anew, without revoking, to a member that dropped its memory', async () => {
      await writeAll(6);
      ledger.dropMemoryAfter(2, 1);
      const member = await ledger.join(log(), groupName(), topic, 'a');
      await eventually('it is assigned again', () => ledger.assignments(2) === 2);
      await write(2, 4);
      await allHandled();
      await member.close();
      expect(ledger.violations).toEqual([]);
      expect(ledger.revocations(2)).toBe(1);
    });

    story('assign anew to an idle member too', async () => {
      const member = await ledger.join(log(), groupName(), topic, 'a');
      await eventually('it holds all', () => ledger.held('a') === partitions);
      ledger.dropMemory(0);
      await eventually('it is assigned again', () => ledger.assignments(0) === 2);
      await write(0, 1);
      await allHandled();
      await member.close();
      expect(ledger.violations).toEqual([]);
    });

    story('know what was committed, also for the next owner', async () => {
      const group = groupName();
      const a = await ledger.join(log(), group, topic, 'a');
      await eventually('a holds all', () => ledger.held('a') === partitions);
      expect(await ledger.committed(1)).toBeNull();
      await writeAll(4);
      await allHandled();
      ledger.commit(1);
      await eventually('it is committed', async () => (await ledger.committed(1)) === 4);
      const b = await ledger.join(log(), group, topic, 'b');
      await eventually('b holds half', () => ledger.held('b') === 2);
      await a.close();
      await eventually('b holds all', () => ledger.held('b') === partitions);
      expect(await ledger.committed(1)).toBe(4);
      expect(await ledger.committed(0)).toBeNull();
      await b.close();
      expect(ledger.violations).toEqual([]);
    });

    story('keep what a member commits right before it leaves, of every partition', async () => {
      const group = groupName();
      const a = await ledger.join(log(), group, topic, 'a');
      await writeAll(3);
      await allHandled();
      for (let partition = 0; partition < partitions; partition++) ledger.commit(partition);
      await a.close();
      const b = await ledger.join(log(), group, topic, 'b');
      await eventually('b holds all', () => ledger.held('b') === partitions);
      const known = Array.from({ length: partitions }, (_, partition) => ledger.committed(partition));
      expect(await Promise.all(known)).toEqual(new Array(partitions).fill(3));
      await b.close();
    });

    story('say to each member when they have told it its partitions, also when these are none', async () => {
      const group = groupName();
      const members: Subscription[] = [];
      for (const name of ['a', 'b', 'c', 'd', 'e']) members.push(await ledger.join(log(), group, topic, name));
      await eventually('all have joined', () => members.every((member) => member.hasJoined()));
      for (const member of members) await member.close();
    });

    story('cannot be joined on a topic that nobody made', async () => {
      const nowhere = topicNames.next();
      await expect(ledger.join(log(), groupName(), nowhere, 'a')).rejects.toThrow(UnknownTopicError);
    });
  });
}

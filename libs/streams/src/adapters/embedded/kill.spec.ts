import { describe, expect, it } from '@jest/globals';
import { fromBinary } from '@bufbuild/protobuf';
import { setTimeout } from 'node:timers/promises';
import { BatchSchema } from '@moola/contracts/gen/moola/v1/batch_pb';
import type { TopicPartition } from '../../ports/event-log.js';
import { Random } from '../simulated/random.js';
import { startChild } from './child-process.js';
import {
  addToAudit,
  auditKey,
  countedTopic,
  environment,
  eventRecord,
  inputPartitions,
  newAudit,
  noiseTopic,
  readAudits,
  rowsCodec,
  startCounting,
  type Audit,
} from './kill-counting.js';
import { openEmbedded, type Embedded } from './open-embedded.js';
import { temporaryFolder } from './temporary-folder.js';

const kills = 52;
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);

interface Acknowledged {
  readonly partition: number;
  readonly offset: number;
  readonly ids: readonly string[];
}

describe(`a process killed ${kills} times while it appends and counts (SEED=${seed})`, () => {
  it('loses no acknowledged event, and counts none twice', async () => {
    const folder = await temporaryFolder();
    const random = new Random(seed);
    const acknowledged: Acknowledged[] = [];
    for (let round = 0; round < kills; round++) acknowledged.push(...(await runAndKill(folder.path, round, random)));
    expect(acknowledged.length).toBeGreaterThan(kills);

    const embedded = await openEmbedded({ folder: folder.path });
    await finish(embedded);
    const logged = await readEvents(embedded);
    for (const { partition, offset, ids } of acknowledged) {
      expect(logged[partition]?.[offset]?.map((row) => row.split(' ')[1])).toEqual(ids);
    }
    const ids = logged.flat(2).map((row) => row.split(' ')[1]);
    expect(new Set(ids).size).toBe(ids.length);

    expect(await auditsOf(embedded)).toEqual(oracle(logged));
    expect(await countedRows(embedded)).toBeGreaterThan(ids.length); // Some were published twice: the kills did bite.
    expect(await hasNoGap(embedded, { topic: noiseTopic, partition: 0 })).toBe(true);
    await embedded.close();
    await folder.remove();
  }, 300_000);
});

/** One life of the child, ended at a random moment: mostly while it works, now and then while it starts. */
async function runAndKill(folder: string, round: number, random: Random): Promise<Acknowledged[]> {
  const child = startChild('kill.child.ts', [folder, `${round}`, `${random.below(1_000_000)}`]);
  const acknowledged: Acknowledged[] = [];
  const kill = (afterMs: number) => void setTimeout(afterMs).then(() => child.process.kill('SIGKILL'));
  if (random.chance(0.15)) kill(random.below(400));
  for await (const line of child.lines) {
    const told = line as Partial<Acknowledged> & { readonly running?: true; readonly failed?: string };
    expect(told.failed).toBeUndefined();
    if (told.running) kill(random.below(random.chance(0.2) ? 20 : 250));
    else acknowledged.push(told as Acknowledged);
  }
  expect(await child.ended).toBe('');
  expect(child.process.signalCode).toBe('SIGKILL');
  return acknowledged;
}

/** Counts what is left, up to a last event in each partition. */
async function finish(embedded: Embedded): Promise<void> {
  const last = new Set(['last.0', 'last.1']);
  let end!: () => void;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const running = await startCounting(embedded, (id) => {
    if (last.delete(id) && last.size === 0) end();
  });
  for (const at of inputPartitions()) {
    await embedded.log.append(at, [eventRecord([`key0 last.${at.partition}`])]);
  }
  await Promise.race([ended, ...running.map(({ failed }) => failed)]);
  for (const { close } of running) await close();
}

/** Rows of each record of each input partition, as they are in the log. */
async function readEvents({ log }: Embedded): Promise<string[][][]> {
  return Promise.all(
    inputPartitions().map(async (at) => (await log.read(at, 0, Infinity)).records.map(({ value }) => rowsOf(value))),
  );
}

async function countedRows({ log }: Embedded): Promise<number> {
  const { records } = await log.read({ topic: countedTopic, partition: 0 }, 0, Infinity);
  return records.reduce((sum, { value }) => sum + rowsOf(value).length, 0);
}

function rowsOf(record: Uint8Array): string[] {
  return rowsCodec.decode(fromBinary(BatchSchema, record).data);
}

/** What the ledger must hold: counted from the log in a few plain lines. */
function oracle(logged: readonly (readonly (readonly string[])[])[]): Map<string, Audit> {
  const audits = new Map<string, Audit>();
  logged.forEach((records, partition) => {
    for (const row of records.flat()) {
      const [key = '', id = ''] = row.split(' ');
      const at = auditKey(partition, key);
      const audit = audits.get(at) ?? newAudit();
      audits.set(at, audit);
      addToAudit(audit, id);
    }
  });
  return new Map([...audits].sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function auditsOf({ store }: Embedded): Promise<Map<string, Audit>> {
  const { checkpoint } = await store.acquire(`moola.${environment}/test/ledger/0`, 'auditor');
  return readAudits(checkpoint?.entries ?? new Map());
}

async function hasNoGap({ log }: Embedded, at: TopicPartition): Promise<boolean> {
  const { first, next } = await log.bounds(at);
  const { records } = await log.read(at, first, Infinity);
  return records.length === next - first && records.every(({ offset }, index) => offset === first + index);
}

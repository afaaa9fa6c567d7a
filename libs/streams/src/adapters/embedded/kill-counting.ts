import { randomUUID } from 'node:crypto';
import { encodeBatches, externalSource, RowColumns } from '../../processor/batch-codec.js';
import type { TopicPartition, TopicSettings } from '../../ports/event-log.js';
import { jsonEntry, KeyedState } from '../../processor/keyed-state.js';
import type { Emitter, Processor, StreamRow } from '../../processor/processor.js';
import { textTopic } from '../simulated/text-topic.js';
import { startProcessor } from '../../task/start-processor.js';
import { systemClock } from '../system-clock.js';
import type { Embedded } from './open-embedded.js';

/** What the kill test runs in its child and, in the end, itself: a counter, and a ledger that audits the counter. */
export const environment = 'kill';
export const eventPartitions = 2;
const events = textTopic('events');
const counted = textTopic('counted');
const letters = textTopic('dead-letters');
const noise = textTopic('noise');

export const eventTopic = `moola.${environment}.${events.name}.v1`;
export const countedTopic = `moola.${environment}.${counted.name}.v1`;
/** Loses its old records all the time, so that kills hit retention too. */
export const noiseTopic = `moola.${environment}.${noise.name}.v1`;

const settings = (name: string, partitions: number, retentionBytes: number | null = null): TopicSettings => ({
  name,
  partitions,
  retentionMs: null,
  retentionBytes,
});

/** Rows of an event: its key and its id. */
interface Count {
  n: number;
}

/** How the ledger saw one key of one partition: how many, and a hash over the ids in their order. */
export interface Audit {
  n: number;
  digest: number;
  /** Counts that did not follow their predecessor. */
  wrong: number;
}

const counter: Processor<string> = {
  name: 'test/counter',
  input: events,
  outputs: [counted],
  restore: (entries) =>
    keyed<Count>(entries, (state, row, emitter) => {
      if (row.kind !== 'data') return;
      const [key = '', id = ''] = row.value.split(' ');
      const count = state.change(key, () => ({ n: 0 }));
      count.n++;
      emitter.emit(counted, 0, `${key} ${count.n} ${id}`);
    }),
};

function ledger(seen: (id: string) => void): Processor<string> {
  return {
    name: 'test/ledger',
    input: counted,
    outputs: [],
    restore: (entries) =>
      keyed<Audit>(entries, (state, row) => {
        if (row.kind !== 'data') return;
        const [key = '', n = '', id = ''] = row.value.split(' ');
        const audit = state.change(auditKey(row.source.partition, key), newAudit);
        if (Number(n) !== audit.n + 1) audit.wrong++;
        addToAudit(audit, id);
        seen(id);
      }),
  };
}

export const auditKey = (partition: number, key: string): string => `${partition}/${key}`;
export const newAudit = (): Audit => ({ n: 0, digest: 7, wrong: 0 });

export function addToAudit(audit: Audit, id: string): void {
  audit.n++;
  for (const character of `${id};`) audit.digest = (Math.imul(audit.digest, 31) + character.charCodeAt(0)) >>> 0;
}

const prefix = 'key/';

/** The audits in a checkpoint of the ledger. */
export function readAudits(entries: ReadonlyMap<string, Uint8Array>): Map<string, Audit> {
  return new Map(new KeyedState<Audit>(prefix, jsonEntry<Audit>(1), entries).entries());
}

function keyed<V>(
  entries: ReadonlyMap<string, Uint8Array>,
  apply: (state: KeyedState<V>, row: StreamRow<string>, emitter: Emitter) => void,
) {
  const state = new KeyedState<V>(prefix, jsonEntry<V>(1), entries);
  return {
    apply: (row: StreamRow<string>, emitter: Emitter) => apply(state, row, emitter),
    takeChanges() {
      const changes = new Map<string, Uint8Array | null>();
      state.takeChanges(changes);
      return changes;
    },
  };
}

/** A record of events without positions, as a request appends it. */
export function eventRecord(rows: readonly string[]): Uint8Array {
  const columns = new RowColumns<string>();
  rows.forEach((row, index) => columns.addData(0, index, 0, row));
  const [record] = encodeBatches(externalSource, columns, events.codec);
  return record as Uint8Array;
}

export const rowsCodec = events.codec;

export function inputPartitions(): TopicPartition[] {
  return Array.from({ length: eventPartitions }, (_, partition) => ({ topic: eventTopic, partition }));
}

/** Makes the topics and starts both processors, with checkpoints far more often than a service has them. */
export async function startCounting({ log, store }: Embedded, seen: (id: string) => void = () => undefined) {
  await log.createTopics([
    settings(eventTopic, eventPartitions),
    settings(countedTopic, 1),
    settings(`moola.${environment}.${letters.name}.v1`, 1),
    settings(noiseTopic, 1, 100_000),
  ]);
  const start = (processor: Processor<string>) =>
    startProcessor({
      log,
      store,
      clock: systemClock,
      token: () => randomUUID(),
      processor,
      environment,
      time: 'replay',
      deadLetters: { topic: letters, letter: ({ reason }) => reason },
      notices: () => undefined,
      limits: { checkpointAfterMs: 15, checkpointRecords: 40 },
    });
  return Promise.all([start(counter), start(ledger(seen))]);
}

import { setMaxListeners } from 'node:events';
import { topicName, topics } from '@moola/contracts/topics';
import type { Topic } from '@moola/contracts/topic';
import { MemoryLog } from '@moola/streams/adapters/memory/memory-log';
import type { EventLog } from '@moola/streams/ports/event-log';
import { encodeBatches, RowColumns } from '@moola/streams/processor/batch-codec';
import { eventually } from '@moola/streams/testing/eventually';
import { DuckDbFile } from '../duckdb/duckdb-file.js';
import { EnvironmentHistory, type HistoryFile } from '../environment-history.js';
import type { HistoryStore } from '../port/history-store.js';
import { factTopics, tables } from '../projections/projections.js';
import { columnsOf, resolutions, type Resolution, type Row, type Table } from '../schema/table.js';

export const environment = 'live';

/** A log of facts that a test writes. */
export async function factLog(): Promise<EventLog> {
  const log = new MemoryLog();
  await log.createTopics(
    [...factTopics, topics.observations].map((topic) => ({
      ...{ name: topicName(environment, topic), partitions: 1, retentionMs: null, retentionBytes: null },
    })),
  );
  return log;
}

/** A fact that a task published, or the tick that it passed on. */
export type Published<T> = { readonly value: T } | { readonly tickMs: number };

/** Records as a task publishes them: the n-th row stands at the task's n-th input offset. */
export function records<T>(topic: Topic<T>, rows: readonly Published<T>[], firstOffset: number): Uint8Array[] {
  const columns = new RowColumns<T>();
  rows.forEach((row, at) => {
    if ('value' in row) columns.addData(firstOffset + at, 0, 0, row.value);
    else columns.addTick(firstOffset + at, 0, row.tickMs);
  });
  return encodeBatches({ processor: 'test', partition: 0, epoch: 0 }, columns, topic.codec);
}

export const at = (topic: { readonly name: string }) => ({
  topic: topicName(environment, topic),
  partition: 0,
});

export function duckDbFile(folder: string): DuckDbFile {
  return new DuckDbFile({ folder, environment, memoryMib: 128, nowMs: () => 1_000 });
}

export interface RunOptions {
  readonly file?: HistoryFile;
  readonly warn?: (problem: string) => void;
  readonly retryAfterMs?: number;
}

export function historyOf(folder: string, options: RunOptions = {}): EnvironmentHistory {
  return new EnvironmentHistory({
    ...{ environment, file: options.file ?? duckDbFile(folder), mostBytes: 1e12, writeEveryMs: 1 },
    ...{ retryAfterMs: options.retryAfterMs ?? 50, nowMs: () => 0, warn: options.warn ?? (() => undefined) },
  });
}

/** Runs history until it has taken in what there is, and stops it. */
export async function takeIn(folder: string, log: EventLog, options: RunOptions = {}): Promise<EnvironmentHistory> {
  let problem = '';
  const history = historyOf(folder, { warn: (words) => (problem = words), ...options });
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  const running = history.run(log, stop.signal);
  await eventually('history has taken in what there is', () => {
    if (problem !== '') throw new Error(problem);
    return history.caughtUp;
  }).finally(() => stop.abort());
  await running;
  return history;
}

/** Looks into what lies in a folder. */
export async function inStore<T>(folder: string, look: (store: HistoryStore) => Promise<T>): Promise<T> {
  const store = await duckDbFile(folder).open();
  try {
    return await look(store);
  } finally {
    await store.close();
  }
}

export function rowsOf(store: HistoryStore, table: Table, stored?: Resolution): Promise<readonly Row[]> {
  return store.page({
    ...{ table, fromMs: -8e15, toMs: 8e15, filters: [], columns: columnsOf(table).map(({ name }) => name) },
    ...{ newestFirst: false, limit: 1_000_000, after: null },
    ...(stored !== undefined && { buckets: { stored, lengthMs: stored } }),
  });
}

/** Every row of every table. */
export async function dump(store: HistoryStore): Promise<Record<string, readonly Row[]>> {
  const all: Record<string, readonly Row[]> = {};
  for (const table of tables) {
    if (table.kind === 'rows') all[table.name] = await rowsOf(store, table);
    else for (const each of resolutions) all[`${table.name}/${each}`] = await rowsOf(store, table, each);
  }
  return all;
}

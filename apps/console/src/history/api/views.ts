import { z } from 'zod';
import type { ViewOf } from '../../read-model/view.js';

const timeMs = z.number().describe('Milliseconds since the epoch.');

export const historyColumnView = z.strictObject({
  name: z.string().describe('In CSV and Parquet; JSON adds Ms to that of an instant.'),
  type: z.enum(['text', 'number', 'count', 'instant', 'boolean', 'json']),
  text: z.string(),
});

export const historyTableView = z.strictObject({
  name: z.string(),
  text: z.string(),
  kind: z.enum(['rollup', 'rows']).describe('Figures by time, in buckets; or rows as they are.'),
  columns: z.array(historyColumnView),
  rows: z.number().describe('As it was counted last; of a rollup those of all resolutions.'),
});

export const historyOverview = z.strictObject({
  open: z.boolean(),
  why: z.string().describe('Why there is no history at the moment; empty: there is.'),
  behind: z.number().describe('Records of facts that are not taken in.'),
  caughtUp: z.boolean().describe('All that was there at the start is taken in.'),
  bytes: z.number().describe('What the file takes, as it was measured last.'),
  tooLate: z.number().describe('Facts since the start that came when their time was forgotten already.'),
  tables: z.array(historyTableView),
  gaps: z
    .array(
      z.strictObject({ topic: z.string(), partition: z.number(), records: z.number(), afterMs: timeMs.nullable() }),
    )
    .describe('Facts that the log no longer held when history came to read them, and the last time before.'),
});
export type HistoryOverview = ViewOf<typeof historyOverview>;

const value = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.null(),
  z.array(z.unknown()),
  z.record(z.string(), z.unknown()),
]);

export const historyRowsView = z.strictObject({
  table: z.string(),
  fromMs: timeMs.describe('Rows from here on; not before the oldest that there is.'),
  toMs: timeMs.describe('Exclusive; not after the newest that there is.'),
  resolutionMs: z.number().nullable().describe('Length of the buckets, milliseconds; null of rows as they are.'),
  keptFromMs: timeMs.nullable().describe('Older rows are forgotten by now; null: nothing is known of the time.'),
  rows: z.array(z.record(z.string(), value)).describe('By time. Buckets without rows are missing.'),
  next: z.string().nullable().describe('Give it as `after` for the rows after these; null: there are none.'),
});
export type HistoryRowsView = ViewOf<typeof historyRowsView>;

export const historyValuesView = z.strictObject({
  column: z.string(),
  values: z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])).describe('In order; at most 1000.'),
});
export type HistoryValuesView = ViewOf<typeof historyValuesView>;

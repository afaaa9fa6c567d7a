import { defaultRecordLimits, type RecordLimits } from '../processor/batch-codec.js';

/** When a task saves, and how far it runs ahead. Exactness depends on none of it. */
export interface TaskLimits {
  /** Checkpoint after so many input records. @default 10000 */
  readonly checkpointRecords: number;
  /** Checkpoint after so many input bytes. @default 67108864 */
  readonly checkpointBytes: number;
  /** Checkpoint so long after the first change. @default 1000 */
  readonly checkpointAfterMs: number;
  /** A store whose saves are slow is asked less often, but at least this often. @default 60000 */
  readonly checkpointAtLatestMs: number;
  /** No further record is applied while more output bytes than this are unacknowledged. @default 8388608 */
  readonly unacknowledgedBytes: number;
  /** Wait after a write that failed, doubled each time in a row. @default 100 */
  readonly retryMs: number;
  /** @default 30000 */
  readonly retryAtMostMs: number;
  /** So long records are applied without a break; then the process sees to what else there is. @default 50 */
  readonly turnMs: number;
  /** How large an output record becomes. */
  readonly record: RecordLimits;
}

export const defaultTaskLimits: TaskLimits = {
  checkpointRecords: 10_000,
  checkpointBytes: 64 * 1024 * 1024,
  checkpointAfterMs: 1000,
  checkpointAtLatestMs: 60_000,
  unacknowledgedBytes: 8 * 1024 * 1024,
  retryMs: 100,
  retryAtMostMs: 30_000,
  turnMs: 50,
  record: defaultRecordLimits,
};

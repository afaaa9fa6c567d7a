import { topicName } from '@moola/contracts/topic-name';
import { decodeBatch } from '../../processor/batch-codec.js';
import type { LogRecord } from '../../ports/event-log.js';
import type { Processor } from '../../processor/processor.js';
import { taskId } from '../../task/run-group.js';
import { isOlder, type SourcePosition } from '../../processor/source-position.js';
import type { TaskNotice } from '../../task/task-observer.js';
import type { SimulatedLog } from './simulated-log.js';

/** One line a gap. */
export type Gaps = readonly string[];

/** What the tasks of a schedule said. Each process says it once. */
export function gapsTold(notices: readonly TaskNotice[]): Gaps {
  const lines = notices.flatMap((notice) =>
    notice.kind === 'rows-missing' ? [gapLine(notice.task, notice.source, notice.after, notice.until)] : [],
  );
  return [...new Set(lines)].sort();
}

/**
 * What they should have said: which rows are missing before which record, found from all that was ever sent and not from
 * what the records say of each other.
 */
export function gapsLeft(
  log: SimulatedLog,
  environment: string,
  processors: readonly Processor<unknown>[],
  partitionsOf: (topic: string) => number,
): Gaps {
  const lines: string[] = [];
  for (const { name, input } of processors) {
    for (let partition = 0; partition < partitionsOf(input.name); partition++) {
      const at = { topic: topicName(environment, input), partition };
      const task = taskId(environment, name, partition);
      const records = log.records(at).flatMap((record) => positionsIn(record, input));
      const sent = inOrder([...records, ...log.lost(at).flatMap((record) => positionsIn(record, input))]);
      lines.push(...gapsOf(task, records, sent));
    }
  }
  return [...new Set(lines)].sort();
}

interface SentRows {
  readonly source: string;
  readonly positions: readonly SourcePosition[];
}

function gapsOf(task: string, records: readonly SentRows[], sent: ReadonlyMap<string, SourcePosition[]>): string[] {
  const seen = new Map<string, SourcePosition>();
  return records.flatMap(({ source, positions }) => {
    const before = seen.get(source) ?? null;
    const [first] = positions as [SourcePosition];
    const missing = (sent.get(source) ?? []).filter(
      (position) => isOlder(position, first) && (before === null || isOlder(before, position)),
    );
    const last = positions.at(-1) as SourcePosition;
    if (before === null || isOlder(before, last)) seen.set(source, last);
    const until = missing.at(-1);
    return until === undefined ? [] : [gapLine(task, source, before, until)];
  });
}

function positionsIn({ value }: LogRecord, { codec }: Processor<unknown>['input']): SentRows[] {
  const { source, offsets, ordinals } = decodeBatch(value, codec);
  if (source.processor === '') return [];
  const positions = [...offsets].map((offset, row) => ({
    ...{ epoch: source.epoch, offset },
    ordinal: ordinals[row] as number,
  }));
  return [{ source: `${source.processor}/${source.partition}`, positions }];
}

/** Positions by source, each once. */
function inOrder(rows: readonly SentRows[]): Map<string, SourcePosition[]> {
  const bySource = new Map<string, SourcePosition[]>();
  for (const { source, positions } of rows) {
    bySource.set(source, [...(bySource.get(source) ?? []), ...positions]);
  }
  for (const positions of bySource.values()) positions.sort((a, b) => (isOlder(a, b) ? -1 : 1));
  return bySource;
}

function gapLine(task: string, source: string, after: SourcePosition | null, until: SourcePosition): string {
  const place = (position: SourcePosition | null): string =>
    position === null ? 'the beginning' : `${position.epoch}.${position.offset}.${position.ordinal}`;
  return `${task}: rows of ${source} after ${place(after)} until ${place(until)}`;
}

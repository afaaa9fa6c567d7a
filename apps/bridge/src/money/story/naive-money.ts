import { BudgetVerdict, type BucketSnapshot, type Snapshot } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { TestRow } from '@moola/testing/run-processor';
import { minute, windowMs } from './snapshot-rows.js';

export interface NaiveMoney {
  readonly serving: string;
  readonly earnedUsd: number;
  readonly projectedPerDayUsd: number | undefined;
  readonly lossPerMinuteUsd: number;
}

/** The money at the last of some rows, from all of these rows, by docs/semantics.md alone. */
export function naiveMoney(rows: readonly TestRow<Snapshot>[]): NaiveMoney {
  let [nowMs, serving, value, perDay] = [0, '', 0.05, 10_000];
  const buckets = new Map<string, BucketSnapshot>();
  const accuracy = new Map<string, number | undefined>();
  const limit = new Map<string, number | undefined>();
  for (const row of rows) {
    if ('tick' in row) nowMs = row.tick;
    if ('definition' in row && row.definition.kind.case === 'value') {
      ({ valuePerPredictionUsd: value, predictionsPerDay: perDay } = row.definition.kind.value);
    }
    if (!('data' in row)) continue;
    const { kind } = row.data;
    if (kind.case === 'bucket')
      buckets.set(`${kind.value.version} ${kind.value.role} ${kind.value.startMs}`, kind.value);
    if (kind.case === 'window') accuracy.set(kind.value.version, kind.value.figures[0]?.value);
    if (kind.case === 'budget') {
      if (serving === '' && kind.value.serving) serving = kind.value.version;
      const [line] = kind.value.lines;
      limit.set(kind.value.version, line?.verdict === BudgetVerdict.OUT ? line.limit : undefined);
    }
    if (kind.case !== 'deployment' || kind.value.role !== Role.PRIMARY || kind.value.version === serving) continue;
    serving = kind.value.version;
  }

  const sum = (count: 'correct' | 'predictions', holds: (bucket: BucketSnapshot) => boolean) =>
    [...buckets.values()].filter(holds).reduce((total, bucket) => total + bucket[count], 0);
  const endMs = Math.floor(nowMs / minute) * minute;
  const inWindow = ({ role, startMs }: BucketSnapshot) =>
    role === Role.PRIMARY && startMs < endMs && startMs >= endMs - windowMs;
  const served = sum('predictions', inWindow) / (windowMs / minute);
  const [measured, broken] = [accuracy.get(serving), limit.get(serving)];
  return {
    serving,
    earnedUsd: sum('correct', ({ role }) => role === Role.PRIMARY) * value,
    projectedPerDayUsd: measured === undefined ? undefined : measured * perDay * value,
    lossPerMinuteUsd:
      measured === undefined || broken === undefined ? 0 : Math.max(0, broken - measured) * served * value,
  };
}

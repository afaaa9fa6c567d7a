import { timestampMs } from '@bufbuild/protobuf/wkt';
import type { PairBucket, PairRow } from '@moola/contracts/gen/moola/v1/pairs_pb';
import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { TestRow } from '@moola/testing/run-processor';

interface NaiveRollback {
  readonly from: string;
  readonly to: string;
  readonly incident: string;
  readonly sinceMs: number;
  untilMs: number;
}

/**
 * What each rollback protected at the last of some rows, from all of these rows, by docs/semantics.md alone: US dollars by
 * incident, from, to and since.
 */
export function naiveProtected(rows: readonly TestRow<PairRow>[]): Map<string, number> {
  let [serving, value] = ['', 0];
  const buckets = new Map<string, PairBucket>();
  const rollbacks: NaiveRollback[] = [];
  for (const row of rows) {
    if ('definition' in row && row.definition.kind.case === 'value') {
      value = row.definition.kind.value.valuePerPredictionUsd;
    }
    if (!('data' in row)) continue;
    const { kind } = row.data;
    if (kind.case === 'bucket')
      buckets.set(`${kind.value.first} ${kind.value.second} ${kind.value.startMs}`, kind.value);
    if (kind.case !== 'deployment' || kind.value.role !== Role.PRIMARY || kind.value.version === serving) continue;
    const { version: to, incident, time } = kind.value;
    const atMs = time ? timestampMs(time) : 0;
    const takenBack = rollbacks.some((each) => each.incident === incident && each.from === to && each.to === serving);
    for (const rollback of rollbacks) if (rollback.untilMs === Infinity) rollback.untilMs = atMs;
    if (incident !== '' && serving !== '' && !takenBack) {
      rollbacks.push({ from: serving, to, incident, sinceMs: atMs, untilMs: Infinity });
    }
    serving = to;
  }
  return new Map(
    rollbacks.map(({ incident, from, to, sinceMs, untilMs }) => {
      let gained = 0;
      for (const { first, second, startMs, firstOnly, secondOnly } of buckets.values()) {
        if (startMs < sinceMs || startMs >= untilMs) continue;
        if (first === from && second === to) gained += secondOnly - firstOnly;
        if (first === to && second === from) gained += firstOnly - secondOnly;
      }
      return [[incident, from, to, sinceMs].join(' '), gained * value];
    }),
  );
}

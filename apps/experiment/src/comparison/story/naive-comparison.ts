import { timestampMs } from '@bufbuild/protobuf/wkt';
import type { PairedComparison } from '@moola/contracts/gen/moola/v1/signals_pb';
import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { LabelledRow, ObservationRow } from '@moola/contracts/rows';
import type { TestRow } from '@moola/testing/run-processor';
import type { Settings } from './observation-rows.js';

/** What one row adds to a pair. */
interface Entry {
  readonly bucket: number;
  /** 0 for a correction. */
  readonly pairs: number;
  readonly difference: number;
  /** Inputs on which the answers differ. */
  readonly discordant: number;
}

type Numbers = Pick<PairedComparison, 'pairs' | 'difference' | 'standardError' | 'designEffect' | 'lower' | 'upper'>;

/** All comparisons at the last of some rows, from all of these rows, by the formulas of docs/semantics.md alone. */
export function naiveComparisons(rows: readonly TestRow<ObservationRow>[], settings: Settings): Map<string, Numbers> {
  let [serving, sinceMs, nowMs] = ['', 0, 0];
  let seen: { row: LabelledRow; nowMs: number }[] = [];
  for (const row of rows) {
    if ('tick' in row) nowMs = row.tick;
    if (!('data' in row)) continue;
    if (row.data.kind === 'labelled') seen.push({ row: row.data, nowMs });
    if (row.data.kind !== 'event' || row.data.event.kind.case !== 'deployment') continue;
    const { role, version, time } = row.data.event.kind.value;
    if (role !== Role.PRIMARY || version === serving || !time) continue;
    [serving, sinceMs, seen] = [version, timestampMs(time), []];
  }
  const eligible = seen.filter(({ row }) => row.predictedAtMs >= sinceMs);
  const versions = [...new Set(eligible.map(({ row }) => row.version))].sort();
  const closed = Math.floor(nowMs / settings.bucketMs);
  const comparisons = new Map<string, Numbers>();
  for (const first of versions) {
    for (const second of versions.filter((name) => name > first)) {
      const entries = pairEntries(eligible, first, second, settings).filter(({ bucket }) => bucket < closed);
      if (entries.some(({ pairs }) => pairs)) comparisons.set(`${first} ${second}`, compare(entries, closed, settings));
    }
  }
  return comparisons;
}

function pairEntries(seen: { row: LabelledRow; nowMs: number }[], first: string, second: string, settings: Settings) {
  const entries: Entry[] = [];
  const classes = new Map<string, Map<string, string>>();
  const counted = new Map<string, { difference: number; truth: string }>();
  for (const { row, nowMs } of seen) {
    if (row.version !== first && row.version !== second) continue;
    const answers = classes.get(row.input) ?? new Map<string, string>();
    classes.set(row.input, answers.set(row.version, row.class));
    const before = counted.get(row.input);
    if (answers.size < 2 || before?.truth === row.truth) continue;
    const difference = Number(answers.get(first) === row.truth) - Number(answers.get(second) === row.truth);
    const open = Math.floor(Math.max(row.knownAtMs, nowMs) / settings.bucketMs);
    entries.push({
      bucket: before ? Math.max(open, ...entries.map(({ bucket }) => bucket)) : open,
      pairs: before ? 0 : 1,
      difference: difference - (before?.difference ?? 0),
      discordant: Math.abs(difference) - Math.abs(before?.difference ?? 0),
    });
    counted.set(row.input, { difference, truth: row.truth });
  }
  return entries;
}

function compare(entries: Entry[], closed: number, settings: Settings): Numbers {
  const { lag, alpha, tunedForBuckets, minimumPairs, designEffect } = settings;
  const first = Math.min(...entries.map(({ bucket }) => bucket));
  const T = closed - first;
  const sumOf = (values: number[]) => values.reduce((sum, value) => sum + value, 0);
  const N = sumOf(entries.map(({ pairs }) => pairs));
  const m = sumOf(entries.map(({ difference }) => difference)) / N;
  const d = Array.from({ length: T }, (_, t) => {
    const inBucket = entries.filter(({ bucket }) => bucket === first + t);
    return sumOf(inBucket.map(({ difference, pairs }) => difference - m * pairs));
  });
  const gamma = (k: number) => sumOf(d.slice(k).map((value, t) => value * (d[t] as number)));
  let S = gamma(0);
  for (let k = 1; k <= Math.min(lag, T - 1); k++) S += 2 * (1 - k / (lag + 1)) * gamma(k);
  const independent = Math.max(1, N * (sumOf(entries.map(({ discordant }) => discordant)) / N - m * m));
  const V = Math.max(S, T < 4 * (lag + 1) ? independent * Math.max(1, designEffect) : independent);
  const numbers = {
    pairs: N,
    difference: m,
    standardError: Math.sqrt(V) / N,
    designEffect: V / independent,
  };
  if (N < minimumPairs) return numbers;
  const rho2 = (-2 * Math.log(alpha) + Math.log(-2 * Math.log(alpha) + 1)) / tunedForBuckets;
  const wide = Math.sqrt(((2 * (T * rho2 + 1)) / (T * rho2)) * Math.log(Math.sqrt(T * rho2 + 1) / alpha));
  const half = numbers.standardError * wide;
  return { ...numbers, lower: m - half, upper: m + half };
}

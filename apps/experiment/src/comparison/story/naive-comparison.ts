import { timestampMs } from '@bufbuild/protobuf/wkt';
import type { PairedComparison } from '@moola/contracts/gen/moola/v1/signals_pb';
import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { ObservationRow } from '@moola/contracts/rows';
import type { TestRow } from '@moola/testing/run-processor';
import type { Settings } from './observation-rows.js';

/** One input that both versions of a pair answered, by the last truth. */
interface Pair {
  readonly predictedAtMs: number;
  readonly first: boolean;
  readonly second: boolean;
}

type Numbers = Pick<
  PairedComparison,
  'pairs' | 'buckets' | 'difference' | 'standardError' | 'designEffect' | 'lower' | 'upper' | 'heldBackByDependence'
>;

/** What all rows up to the last of them say, by the formulas of docs/semantics.md alone. */
export class NaiveComparison {
  private serving = '';
  private nowMs = 0;
  private readonly begunMs = [0];
  private readonly answers = new Map<string, { truth: string; classes: Map<string, readonly [string, number]> }>();

  constructor(
    rows: readonly TestRow<ObservationRow>[],
    private readonly settings: Settings,
  ) {
    for (const row of rows) {
      if ('tick' in row) this.nowMs = row.tick;
      if ('data' in row) this.take(row.data);
    }
  }

  private take(row: ObservationRow): void {
    if (row.kind === 'labelled') {
      const input = this.answers.get(row.input) ?? { truth: '', classes: new Map<string, readonly [string, number]>() };
      input.classes.set(row.version, [row.class, row.predictedAtMs]);
      input.truth = row.truth;
      this.answers.set(row.input, input);
    } else if (row.kind === 'event' && row.event.kind.case === 'deployment') {
      const { role, version, time } = row.event.kind.value;
      if (role !== Role.PRIMARY || version === this.serving || !time) return;
      this.serving = version;
      this.begunMs.push(timestampMs(time));
    }
  }

  /** The pairs of two versions of closed buckets. */
  private pairs(first: string, second: string): Pair[] {
    const closedMs = Math.floor(this.nowMs / this.settings.bucketMs) * this.settings.bucketMs;
    return [...this.answers.values()].flatMap(({ truth, classes }) => {
      const [a, b] = [classes.get(first), classes.get(second)];
      if (!a || !b || Math.min(a[1], b[1]) >= closedMs) return [];
      return { predictedAtMs: Math.min(a[1], b[1]), first: a[0] === truth, second: b[0] === truth };
    });
  }

  /** [firstOnly, secondOnly, bothRight, bothWrong] of each bucket, by its start. */
  buckets(first: string, second: string): Map<number, number[]> {
    const buckets = new Map<number, number[]>();
    for (const pair of this.pairs(first, second)) {
      const begun = this.begunMs.filter((atMs) => atMs <= pair.predictedAtMs);
      const start = Math.max(...begun, pair.predictedAtMs - (pair.predictedAtMs % this.settings.bucketMs));
      const counts = buckets.get(start) ?? [0, 0, 0, 0];
      const place = pair.first && pair.second ? 2 : pair.first ? 0 : pair.second ? 1 : 3;
      counts[place] = (counts[place] ?? 0) + 1;
      buckets.set(start, counts);
    }
    return buckets;
  }

  compare(first: string, second: string): Numbers {
    const { bucketMs, lag, alpha, tunedForBuckets, minimumPairs, designEffect } = this.settings;
    const pairs = this.pairs(first, second).filter(({ predictedAtMs }) => predictedAtMs >= Math.max(...this.begunMs));
    const at = pairs.map(({ predictedAtMs }) => Math.floor(predictedAtMs / bucketMs));
    const from = Math.min(...at);
    const n = new Array<number>(Math.max(...at) - from + 1).fill(0);
    const D = [...n];
    pairs.forEach((pair, i) => {
      const t = (at[i] as number) - from;
      n[t] = (n[t] as number) + 1;
      D[t] = (D[t] as number) + Number(pair.first) - Number(pair.second);
    });
    const sumOf = (values: number[]) => values.reduce((sum, value) => sum + value, 0);
    const N = pairs.length;
    const T = n.filter((count) => count > 0).length;
    const m = sumOf(D) / N;
    const q = pairs.filter((pair) => pair.first !== pair.second).length / N;
    const L = Math.min(
      120,
      Math.max(2 * lag, Math.floor(1.3 * Math.sqrt((N * N) / sumOf(n.map((count) => count * count))))),
    );
    const weighed = (values: number[], weight: (k: number) => number) => {
      let total = 0;
      for (let k = -L; k <= L; k++) {
        values.forEach((value, t) => (total += weight(Math.abs(k)) * value * (values[t + k] ?? 0)));
      }
      return total;
    };
    const w = (k: number) => 1 - k / (L + 1);
    const S = Math.max(
      0,
      weighed(
        D.map((sum, t) => sum - m * (n[t] as number)),
        w,
      ),
    );
    const independent = Math.max(1, N * (q - m * m));
    const allowed = designEffect > 1 ? designEffect : 1 + 0.1 * (weighed(n, w) / N - 1);
    const freedom = (N * N) / weighed(n, (k) => w(k) ** 2) - 1;
    const x = 1 + (T * (-2 * Math.log(alpha) + Math.log(-2 * Math.log(alpha) + 1))) / tunedForBuckets;
    const wide = (2 * x * Math.log(Math.sqrt(x) / alpha)) / (x - 1);
    const k = (Math.sqrt(x) / alpha) ** (2 / (freedom + 1));
    const known = freedom > 0 && k < x;
    const uncertain = known ? (S * ((freedom + 1) * (k - 1) * x)) / (x - k) / wide : Infinity;
    const V = Math.max(S, independent, Math.min(uncertain, independent * allowed));
    const numbers = {
      pairs: N,
      buckets: T,
      difference: m,
      standardError: Math.sqrt(V) / N,
      designEffect: V / independent,
      heldBackByDependence: false,
    };
    if (N < minimumPairs) return numbers;
    const half = numbers.standardError * Math.sqrt(wide);
    const independentHalf = (Math.sqrt(independent) / N) * Math.sqrt(wide);
    return {
      ...numbers,
      lower: Math.max(-1, m - half),
      upper: Math.min(1, m + half),
      heldBackByDependence: Math.abs(m) <= half && Math.abs(m) > independentHalf,
    };
  }
}

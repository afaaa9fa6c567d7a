import { describe, expect, it } from '@jest/globals';
import { joinProcessor } from '@moola/collector/join/domain/join-processor';
import { SeededRandom } from '@moola/collector/join/story/random';
import { Receiver } from '@moola/collector/receive/domain/receiver';
import { contentId } from '@moola/collector/receive/event-id';
import { bridgeProcessor } from '@moola/bridge/money/domain/bridge-processor';
import { ModelFold } from '@moola/console/read-model/model-fold';
import { modelView, type ModelView } from '@moola/console/read-model/views';
import type { Kpi } from '@moola/contracts/gen/moola/v1/kpis_pb';
import type { Signal } from '@moola/contracts/gen/moola/v1/signals_pb';
import type { Snapshot } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import type { IntakeRow } from '@moola/contracts/rows';
import type { NumberLimits } from '@moola/contracts/number-limits';
import { isWithin, mostRevision, numberLimits } from '@moola/contracts/telemetry-numbers';
import { experimentProcessor } from '@moola/experiment/comparison/domain/experiment-processor';
import { PoisonError } from '@moola/streams/processor/processor';
import { runProcessor, type EmittedRow, type TestRow } from '@moola/testing/run-processor';
import { createTracker } from '@moola/tracker/domain/tracker';

const startMs = Date.UTC(2026, 2, 1, 12);
const minuteMs = 60_000;
const receiver = new Receiver({
  ...{ horizonMs: 86_400_000, replaceIdentifier: null, contentId, unknownFields: 'refused' },
});

/** What is at the limits of a number, just within and just beyond, and far beyond. */
function extremes({ least, most }: NumberLimits): number[] {
  const beyond = [most * (1 + 2 ** -50) + 2 ** -40, least - Math.max(2 ** -40, Math.abs(least) * 2 ** -50)];
  const far = [12e6, 2 ** 53, 1e22, 1e300, Number.MAX_VALUE, -Number.MAX_VALUE, Infinity, -Infinity, NaN];
  return [least, most, most / 3, Number.MIN_VALUE, -0, 0.1 + 0.2, ...beyond, ...far];
}

const ofPrediction = numberLimits.prediction;
const numbers: Readonly<Record<string, NumberLimits>> = {
  'prediction.value': ofPrediction.value,
  'prediction.score': ofPrediction.score,
  'prediction.latencyMs': ofPrediction.latencyMs,
  'prediction.costUsd': ofPrediction.costUsd,
  'prediction.features.x': ofPrediction.features,
  'outcome.value': numberLimits.outcome.value,
  'outcome.revision': { least: 0, most: mostRevision, unit: '' },
  'deployment.weight': numberLimits.deployment.weight,
  'measurement.value': numberLimits.measurement.value,
  'trainingProgress.step': numberLimits.trainingProgress.step,
  'trainingProgress.loss': numberLimits.trainingProgress.loss,
  'trainingProgress.memoryBytes': numberLimits.trainingProgress.memoryBytes,
  'trainingProgress.totalSteps': numberLimits.trainingProgress.totalSteps,
  'trainingProgress.memoryLimitBytes': numberLimits.trainingProgress.memoryLimitBytes,
  'infrastructureSample.cpuRatio': numberLimits.infrastructureSample.cpuRatio,
  'infrastructureSample.memoryBytes': numberLimits.infrastructureSample.memoryBytes,
  'infrastructureSample.networkBytesPerSecond': numberLimits.infrastructureSample.networkBytesPerSecond,
};
const wholeOnly = new Set(['outcome.revision', 'trainingProgress.step', 'trainingProgress.totalSteps']);

/** An event of each kind, one number of it another. */
function eventWith(path: string, value: unknown, input: string, timeMs: number): object {
  const [kind = '', field = '', key] = path.split('.');
  const time = new Date(timeMs).toISOString();
  const whole: Readonly<Record<string, object>> = {
    prediction: { model: 'm', version: 'v1', input, time, class: '1', latencyMs: 3 },
    outcome: { model: 'm', input, knownAt: time, truth: '1' },
    deployment: { model: 'm', version: 'v1', role: 'primary', time },
    trainingProgress: { model: 'm', job: input, time },
    infrastructureSample: { model: 'm', instance: input, time },
    measurement: { model: 'm', name: 'revenue', time, value: 1 },
  };
  return { id: input, [kind]: { ...whole[kind], [field]: key === undefined ? value : { [key]: value } } };
}

function received(event: object): IntakeRow | string {
  const result = receiver.json(event, '', startMs + minuteMs);
  return result.accepted ? result.row : `${result.refused.field} ${result.refused.detail}`;
}

const dataOf = <T>(rows: readonly EmittedRow[], topic: string): TestRow<T>[] =>
  rows
    .filter((row) => row.topic === topic)
    .flatMap(({ content }): TestRow<T>[] => {
      if (content.kind === 'tick') return [{ tick: content.tickMs }];
      return content.kind === 'data' ? [{ data: content.value as T }] : [];
    });

/** Rows through every processor between the door and the page; each one saved, dropped and restored before every nth row. */
function through(rows: readonly TestRow<IntakeRow>[], every: number): ModelView {
  const restarts = (count: number) =>
    new Set(Array.from({ length: count }, (_, row) => row).filter((row) => row % every === every - 1));
  const run = <In>(processor: Parameters<typeof runProcessor<In>>[0], of: readonly TestRow<In>[]) =>
    runProcessor(processor, of, { restartBefore: restarts(of.length) });
  const observations = run(joinProcessor, rows);
  const tracked = run(createTracker(), dataOf(observations, 'observations'));
  const money = run(bridgeProcessor, dataOf<Snapshot>(tracked, 'snapshots'));
  const compared = run(experimentProcessor, dataOf(observations, 'observations'));
  const fold = new ModelFold('m');
  const take = <T>(rows: readonly TestRow<T>[], into: (value: T) => void) =>
    rows.forEach((row) => 'data' in row && into(row.data));
  take(dataOf<Snapshot>(tracked, 'snapshots'), (each) => fold.takeSnapshot(each));
  take(dataOf<Kpi>(money, 'kpis'), (each) => fold.takeKpi(each));
  for (const out of [tracked, money, compared]) take(dataOf<Signal>(out, 'signals'), (each) => fold.takeSignal(each));
  // As a client gets it.
  return modelView.parse(JSON.parse(JSON.stringify(fold.view([]))));
}

describe('a number of an event', () => {
  it.each(Object.entries(numbers))('%s: its extremes are counted, or refused with what is allowed', (path, limits) => {
    const values = extremes(limits);
    const rows: TestRow<IntakeRow>[] = [];
    values.forEach((value, index) => {
      const taken = received(eventWith(path, value, `i${index}`, startMs + index));
      const isRight = Number.isFinite(value) && isWithin(value, limits);
      if (isRight && (Number.isInteger(value) || !wholeOnly.has(path))) {
        expect({ value, taken }).toEqual({ value, taken: expect.any(Object) });
        rows.push({ data: taken as IntakeRow });
      } else {
        expect({ value, taken }).toEqual({ value, taken: expect.stringContaining(path) });
      }
    });
    expect(rows.length).toBeGreaterThan(2);
    const last: TestRow<IntakeRow>[] = [1, 2, 3].map((minutes) => ({ tick: startMs + minutes * minuteMs }));
    for (const every of [1, 1000]) through([{ tick: startMs }, ...rows, ...last], every);
  });

  it('is summed exactly with any others within its limits, through restarts, at any cadence', () => {
    const random = new SeededRandom(7);
    const costs = [1_000_000, 999_999.999_999_999, 0, 1e-9, 0.001];
    const latencies = [86_400_000, 0, 0.000_001, 12];
    const rows: TestRow<IntakeRow>[] = [{ tick: startMs }];
    let costUnits = 0n;
    const predictions = 40_000;
    for (let i = 0; i < predictions; i++) {
      // Mostly the most that is allowed: their sum passes 2⁵³ a thousand times over.
      const costUsd = random.chance(90) ? 1_000_000 : random.pick(costs);
      const latencyMs = random.chance(90) ? 86_400_000 : random.pick(latencies);
      costUnits += BigInt(Math.round(costUsd * 1e9));
      const time = new Date(startMs + Math.floor((i * minuteMs) / predictions)).toISOString();
      const prediction = { model: 'm', version: 'v1', input: `i${i}`, time, class: '1', costUsd, latencyMs };
      rows.push({ data: received({ id: `i${i}`, prediction }) as IntakeRow });
    }
    for (let minutes = 1; minutes <= 4; minutes++) rows.push({ tick: startMs + minutes * minuteMs });
    const views = [5003, 1_000_000].map((every) => through(rows, every));
    const [version] = views[0]?.versions ?? [];
    const figures = Object.values(version?.windows ?? {}).flat();
    const mean = figures.find(({ metric, value }) => metric.startsWith('cost') && value !== null);
    expect(mean?.value).toBeCloseTo(Number(costUnits) / predictions / 1e9, 6);
    expect(views[1]).toEqual(views[0]);
  });
});

describe('a number that an earlier version took in', () => {
  it.each([{ costUsd: 12e6 }, { latencyMs: 1e12 }])('is poison to whoever counts it, not the end of it: %j', (over) => {
    const row = received(eventWith('prediction.score', 0.5, 'i', startMs)) as IntakeRow;
    const rows: TestRow<IntakeRow>[] = [{ tick: startMs }, { data: { ...row, ...over } as IntakeRow }];
    const observations = runProcessor(joinProcessor, rows);
    expect(() => runProcessor(createTracker(), dataOf(observations, 'observations'))).toThrow(PoisonError);
  });
});

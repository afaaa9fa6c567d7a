import { Comparator, Compare, Severity, TaskType } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { RefusalReason } from '@moola/contracts/gen/moola/v1/rows_pb';
import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { ObservationRow } from '@moola/contracts/rows';
import type { TestRow } from '@moola/testing/run-processor';
import {
  deploymentRow,
  labelledRow,
  measurementRow,
  predictionRow,
  progressRow,
  refusalRow,
  sampleRow,
} from './observation-rows.js';
import { minuteMs, modelDefinition, ruleDefinition } from './tracker-story.js';

/** Numbers in [0, 1), the same for the same seed. */
export function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const models = ['A', 'B', 'C', 'M', 'R'];
const versions = ['v1', 'v2'];
const segmentSets: readonly Record<string, string>[] = [
  {},
  { region: 'eu' },
  { region: 'us', tier: 'a/b' },
  { region: 'asia' },
];
const certainties: readonly Record<string, number>[] = [{}, { '0': 0.1, '1': 0.7, '2': 0.2 }, { '1': 1 }];
const beginMs = 1_000_000 * minuteMs;

/**
 * Rows of a random hour and a half or so: models declared before, later and never, versions that come and go, good and bad
 * spells, silence, late and early events, duplicate ticks. The same for the same seed.
 */
export function randomRows(seed: number, ticks: number): TestRow<ObservationRow>[] {
  const random = generator(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const rows: TestRow<ObservationRow>[] = [
    { definition: modelDefinition({ designEffect: 2, labelDependenceMs: minuteMs, segments: { most: 2 } }) },
    { definition: modelDefinition({ task: TaskType.MULTICLASS }, 'C') },
    { definition: modelDefinition({ task: TaskType.REGRESSION }, 'R') },
    {
      definition: ruleDefinition('Drop', {
        model: '',
        metric: 'accuracy',
        compare: Compare.BOUND,
        confidence: 0.75,
        comparator: Comparator.BELOW,
        limit: 0.8,
        windowMs: 3 * minuteMs,
        forMs: minuteMs,
        keepFiringForMs: minuteMs,
        severity: Severity.CRITICAL,
      }),
    },
    { definition: ruleDefinition('Silence', { metric: 'predictions', windowMs: 2 * minuteMs, onMissing: true }) },
    {
      definition: ruleDefinition('SlowInAsia', {
        ...{ metric: 'latency_p95', comparator: Comparator.ABOVE, limit: 40, windowMs: 10 * minuteMs },
        segment: { key: 'region', value: 'asia' },
      }),
    },
    {
      definition: ruleDefinition('ByRegion', {
        ...{ model: '', metric: 'error_rate', comparator: Comparator.ABOVE, limit: 0.1, windowMs: 10 * minuteMs },
        ...{ minimumSamples: 5, forMs: minuteMs, keepFiringForMs: minuteMs },
        match: { segment: { key: 'region', value: ['*'], others: true, mostAlerts: 2 } },
      }),
    },
    {
      definition: ruleDefinition('Poor', {
        ...{ model: '', metric: 'measurement_mean', comparator: Comparator.BELOW, limit: -20, windowMs: 5 * minuteMs },
        match: { measurement: ['rev*'] },
      }),
    },
    { definition: ruleDefinition('Slow', { metric: 'latency_p95', comparator: Comparator.ABOVE, limit: 40 }) },
  ];
  let nowMs = beginMs;
  let group = 0;
  const spell = new Map(models.map((model) => [model, { rate: 1, right: 1 }]));
  for (let tick = 0; tick < ticks; tick++) {
    for (const model of models) {
      if (random() < 0.2) spell.set(model, { rate: random() < 0.3 ? 0 : 4 * random(), right: random() });
      const { rate, right } = spell.get(model) ?? { rate: 0, right: 0 };
      if (random() < 0.05) rows.push({ data: deploymentRow(model, pick(versions), pick([0, 1, 1, 2]), nowMs) });
      for (let i = Math.floor(rate * (0.5 + random())); i > 0; i--) {
        const timeMs = nowMs + Math.floor((random() - (random() < 0.1 ? 12 : 0.9)) * minuteMs);
        const role = pick([Role.PRIMARY, Role.PRIMARY, Role.SHADOW, Role.UNSPECIFIED]);
        const version = pick(versions);
        const segments = pick(segmentSets);
        const latencyMs = random() < 0.2 ? NaN : 60 * random();
        const error = random() < 0.1 ? 'timeout' : '';
        rows.push({
          data: predictionRow({ model, version, role, timeMs, latencyMs, error, costUsd: random() / 1000, segments }),
        });
        const knownAtMs = nowMs + Math.floor((random() - 0.9) * minuteMs);
        const truth = random() < right ? '1' : pick(['0', '2']);
        const freshness = pick(['new', 'new', 'new', 'repeated', 'corrected'] as const);
        const previousTruth = freshness === 'corrected' ? '0' : '';
        const numbers = { class: '', truth: '', value: 100 * random() - 50, truthValue: pick([0, 1, 40]) };
        const label = {
          segments,
          model,
          version,
          role,
          predictedAtMs: timeMs,
          knownAtMs,
          truth,
          freshness,
          previousTruth,
          ...(model === 'R' && numbers),
          ...(model === 'C' && { probabilities: pick(certainties) }),
        };
        rows.push({ data: labelledRow({ ...label, group: random() < 0.3 ? group : ++group }) });
      }
      if (random() < 0.03) rows.push({ data: refusalRow(model, RefusalReason.DUPLICATE) });
    }
    if (tick === Math.floor(ticks / 2)) {
      rows.push({ definition: modelDefinition({ bucketMs: 30_000, segments: { keys: ['region'], most: 2 } }, 'A') });
    }
    nowMs += pick([0, 10_000, 20_000, minuteMs]);
    rows.push({ tick: nowMs });
  }
  return rows;
}

/**
 * The same rows with training jobs and instances among them: jobs that go on, go back, run out of memory, fail and end;
 * instances that come and go; measurements in several units; reports that are late.
 */
export function withSubjects(rows: readonly TestRow<ObservationRow>[], seed: number): TestRow<ObservationRow>[] {
  const random = generator(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const steps = new Map<string, number>();
  return rows.flatMap((row): TestRow<ObservationRow>[] => {
    if (!('tick' in row)) return [row];
    const reports: TestRow<ObservationRow>[] = [];
    for (let i = Math.floor(5 * random()); i > 0; i--) {
      const model = pick(models);
      const job = pick(['fit-1', 'fit-2']);
      const key = `${model}/${job}`;
      const step = random() < 0.03 ? 0 : (steps.get(key) ?? 0) + Math.floor(20 * random());
      steps.set(key, step);
      const timeMs = row.tick - Math.floor(random() * (random() < 0.1 ? 10 : 1) * minuteMs);
      const checkpoint = pick(['', '', '', 'saved', 'failed']);
      const state = random() < 0.03 ? pick(['failed', 'finished']) : '';
      const memory = { memoryBytes: step * 1e6 + 1e8 * random(), memoryLimitBytes: 2e9 };
      const report = { model, job, step: BigInt(step), loss: 1 / (1 + step), checkpoint, state, ...memory };
      reports.push({ data: progressRow(timeMs, { ...report, totalSteps: 5000n, outOfMemory: random() < 0.02 }) });
    }
    for (let i = Math.floor(4 * random()); i > 0; i--) {
      const timeMs = row.tick - Math.floor(random() * (random() < 0.1 ? 10 : 1) * minuteMs);
      const ratios = { cpuRatio: 0.8 + 0.2 * random(), diskRatio: 0.9 * random(), gpuMemoryRatio: random() };
      reports.push({ data: sampleRow(timeMs, { model: pick(models), instance: pick(['a', 'b']), ...ratios }) });
    }
    for (let i = Math.floor(4 * random()); i > 0; i--) {
      const timeMs = row.tick - Math.floor(random() * (random() < 0.1 ? 100 : 1) * minuteMs);
      const fields = { model: pick(models), name: pick(['revenue', 'rating']), unit: pick(['', 'USD', 'USD', 'EUR']) };
      reports.push({ data: measurementRow(timeMs, 200 * random() - 100, fields) });
    }
    return [...reports, row];
  });
}

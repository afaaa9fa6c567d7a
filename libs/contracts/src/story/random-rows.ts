import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { absentLabelled, absentPrediction } from '../columns/absent.js';
import { RefusalReason, RefusalSchema } from '../gen/moola/v1/rows_pb.js';
import { EventSchema, Role } from '../gen/moola/v1/telemetry_pb.js';
import { mulberry32 } from '../mulberry32.js';
import type { EventRow, IntakeRow, LabelledRow, ObservationRow, PredictionRow } from '../rows.js';

export function seeded(seed: number): (below: number) => number {
  const next = mulberry32(seed);
  return (below) => next() % below;
}

const numbers = [NaN, 0, -0, 1, 0.1, -1e-320, 1.7976931348623157e308, Infinity, -Infinity, 1_700_000_000_123];
const texts = [
  '',
  'a',
  'fraud',
  'größe',
  '日本語のモデル',
  '🜁🜂',
  'x'.repeat(42),
  'y'.repeat(43),
  'ü'.repeat(42),
  'z'.repeat(9000),
];

/** Rows of all kinds, with whatever a row may hold: the same for the same seed. */
export function randomRows(seed: number): { intake: IntakeRow[]; observations: ObservationRow[] } {
  const random = seeded(seed);
  const pick = <T>(choices: readonly T[]): T => choices[random(choices.length)] as T;
  const segments = (): Record<string, string> =>
    pick<Record<string, string>>([{}, {}, { country: pick(texts) }, { country: 'de', plan: pick(texts) }]);
  const prediction = (): PredictionRow => ({
    ...absentPrediction,
    kind: 'prediction',
    id: pick([pick(texts), `id-${random(1_000_000)}`]),
    source: pick(texts),
    model: pick(texts),
    version: pick(['v1', 'v2', pick(texts)]),
    build: pick(texts),
    role: pick([Role.UNSPECIFIED, Role.PRIMARY, Role.SHADOW, Role.CANARY]),
    input: pick([pick(texts), `input-${random(1_000_000)}`]),
    timeMs: pick(numbers),
    class: pick(texts),
    value: pick(numbers),
    score: pick(numbers),
    latencyMs: pick(numbers),
    costUsd: pick(numbers),
    error: pick(texts),
    segments: segments(),
    arm: pick(texts),
    features: pick<Record<string, number>>([{}, {}, {}, { age: pick(numbers), länge: 2 }]),
  });
  const event = (): EventRow => ({
    kind: 'event',
    event: create(EventSchema, {
      id: pick(texts),
      source: pick(texts),
      kind: pick([
        {
          case: 'outcome',
          value: { model: 'm', input: pick(texts), knownAt: timestampFromMs(random(1e9)), truth: '1' },
        },
        { case: 'deployment', value: { model: 'm', version: pick(texts), weight: 0.5 } },
        { case: 'infrastructureSample', value: { model: 'm', cpuRatio: 0.25 } },
      ] as const),
    }),
  });
  const labelled = (): LabelledRow => ({
    ...absentLabelled,
    kind: 'labelled',
    model: pick(texts),
    version: pick(texts),
    role: pick([Role.PRIMARY, Role.SHADOW]),
    input: pick(texts),
    predictedAtMs: pick(numbers),
    knownAtMs: pick(numbers),
    class: pick(texts),
    truth: pick(texts),
    value: pick(numbers),
    truthValue: pick(numbers),
    score: pick(numbers),
    freshness: pick(['new', 'repeated', 'corrected'] as const),
    previousTruth: pick(texts),
    group: pick([0, 1, 255, 256, 65_536, 2 ** 40]),
    segments: segments(),
  });
  const refusal = (): ObservationRow => ({
    kind: 'refusal',
    refusal: create(RefusalSchema, { model: pick(texts), reason: RefusalReason.ORPHAN, eventId: pick(texts), atMs: 5 }),
  });
  // Some records hold one kind only: the columns of the others are then missing.
  const intakeKinds = pick([[prediction, event], [prediction], [event], [prediction, prediction, prediction, event]]);
  const observationKinds = pick([[prediction, labelled, event, refusal], [prediction], [labelled], [refusal], [event]]);
  const length = pick([0, 1, 2, 5, 40, 300]);
  return {
    intake: Array.from({ length }, () => pick<() => IntakeRow>(intakeKinds)()),
    observations: Array.from({ length }, () => pick<() => ObservationRow>(observationKinds)()),
  };
}

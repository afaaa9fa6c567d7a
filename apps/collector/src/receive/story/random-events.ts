import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { Event, EventSchema } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { SeededRandom } from '../../join/story/random.js';

type EventInit = MessageInitShape<typeof EventSchema>;

/** The present of these events. */
export const storyNowMs = Date.UTC(2026, 2, 1, 12);

const texts = [
  '',
  'a',
  'fraud',
  'größe',
  '日本語',
  '🜁',
  'x'.repeat(70),
  'y'.repeat(256),
  'z'.repeat(257),
  'a\nb',
  '\u200b',
];
const names = ['fraud', 'churn', 'v1', 'größe', 'x'.repeat(70)];
const numbers = [undefined, 0, -0, 0.25, 1, 1.5, -1, NaN, Infinity, 1e300];
const times = [
  storyNowMs,
  storyNowMs - 1,
  storyNowMs - 86_400_000,
  storyNowMs + 299_999,
  storyNowMs + 300_001,
  0,
  -5,
  storyNowMs - 31 * 86_400_000,
];

/**
 * Events as producers send them, all kinds, all fields.
 * @param odd how much of it is unusual or wrong, in percent
 */
export function randomEvent(random: SeededRandom, odd: number): EventInit {
  const below = (limit: number): number => random.below(limit);
  const isOdd = (): boolean => random.chance(odd);
  const name = (): string => (isOdd() ? random.pick(texts) : random.pick(names));
  const optional = (): string => (below(2) === 0 ? '' : name());
  const number = (): number | undefined => (isOdd() ? random.pick(numbers) : random.pick([undefined, 0, 0.25, 1]));
  const timeMs = (): number => (isOdd() ? random.pick(times) : storyNowMs - below(1_000_000));
  const instant = () => (isOdd() ? undefined : { ...timestampFromMs(timeMs()), nanos: below(1_000_000_000) });
  const segments = () =>
    Object.fromEntries(Array.from({ length: below(3) }, (_, i) => [isOdd() ? name() : `key${i}`, optional()]));
  const prediction = () => ({
    ...{ model: name(), version: name(), build: optional(), role: isOdd() ? below(6) : below(4) },
    ...{ input: isOdd() ? optional() : `input-${below(1000)}`, time: instant(), class: optional() },
    ...defined({ value: number(), score: number(), latencyMs: number(), costUsd: number() }),
    ...{ error: below(5) === 0 ? optional() : '', segments: segments(), experimentArm: optional(), unit: optional() },
    features: Object.fromEntries(
      Array.from({ length: below(4) }, (_, i) => [isOdd() ? name() : `feature${i}`, number() ?? 0]),
    ),
    probabilities: random.pick<Record<string, number>>([{}, {}, { a: 0.25, b: 0.75 }, isOdd() ? { a: 0.5 } : { a: 1 }]),
  });
  const outcome = () => ({
    ...{ model: name(), input: isOdd() ? optional() : `input-${below(1000)}`, knownAt: instant(), truth: optional() },
    ...defined({ value: number() }),
    ...{ revision: isOdd() ? below(2 ** 31) * 2 : below(3) },
    ...(isOdd() ? { prediction: prediction() } : {}),
  });
  const deployment = () => ({ model: name(), version: name(), time: instant(), by: optional() });
  const measurement = () => ({
    ...{ model: name(), name: name(), time: instant(), unit: optional(), subject: optional() },
    ...defined({ value: number() }),
  });
  const kind = (): NonNullable<EventInit['kind']> => {
    const which = below(20);
    if (which < 11) return { case: 'prediction', value: prediction() };
    if (which < 17) return { case: 'outcome', value: outcome() };
    if (which < 18) return { case: 'deployment', value: deployment() };
    if (which < 19) return { case: 'measurement', value: measurement() };
    return { case: 'trainingProgress', value: { model: name(), job: 'fit', time: timestampFromMs(timeMs()) } };
  };
  const all = { id: below(4) === 0 ? '' : `id-${below(1e6)}`, source: optional() };
  return isOdd() ? all : { ...all, kind: kind() };
}

/** One that the quick readers take themselves: an outcome, or a prediction without probabilities. */
export function isPlain({ kind }: Event): boolean {
  if (kind.case === 'prediction') return Object.keys(kind.value.probabilities).length === 0;
  return kind.case === 'outcome';
}

function defined(fields: Readonly<Record<string, number | undefined>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, number] => entry[1] !== undefined),
  );
}

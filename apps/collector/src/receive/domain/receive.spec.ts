import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from '@jest/globals';
import { EventSchema, Role, type Event } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { contentId } from '../event-id.js';
import { identifierHash } from '../identifier-hash.js';
import { receive, type IdentifierHash, type Received } from './receive.js';

type EventInit = MessageInitShape<typeof EventSchema>;

const now = new Date('2026-03-01T12:00:00Z');
const time = timestampFromDate(now);
const at = (iso: string) => timestampFromDate(new Date(iso));
const day = 24 * 3_600_000;

const prediction = (over: object = {}): EventInit => ({
  id: 'p',
  source: 'test',
  kind: { case: 'prediction', value: { model: 'fraud', version: 'v1', input: 'i', time, class: '1', ...over } },
});
const outcome = (over: object = {}): EventInit => ({
  id: 'o',
  kind: { case: 'outcome', value: { model: 'fraud', input: 'i', knownAt: time, truth: '1', ...over } },
});
const deployment = (over: object = {}): EventInit => ({
  id: 'd',
  kind: { case: 'deployment', value: { model: 'fraud', version: 'v1', role: Role.PRIMARY, time, ...over } },
});
const progress = (over: object = {}): EventInit => ({
  id: 't',
  kind: { case: 'trainingProgress', value: { model: 'fraud', job: 'fit', time, ...over } },
});
const sample = (over: object = {}): EventInit => ({
  id: 's',
  kind: { case: 'infrastructureSample', value: { model: 'fraud', instance: 'pod-1', time, ...over } },
});
const measurement = (over: object = {}): EventInit => ({
  id: 'w',
  kind: { case: 'measurement', value: { model: 'fraud', name: 'revenue', time, value: -12.5, unit: 'USD', ...over } },
});

function received(init: EventInit, replaceIdentifier: IdentifierHash | null = null): Received {
  const event = create(EventSchema, init);
  return receive(event, { nowMs: now.getTime(), horizonMs: 31 * day, replaceIdentifier, contentId });
}

/** What an accepted event looks like as a row. */
function rowOf(init: EventInit, replaceIdentifier: IdentifierHash | null = null) {
  const result = received(init, replaceIdentifier);
  if (!result.accepted) throw new Error(`${result.refused.field} ${result.refused.detail}`);
  return result.row;
}

function eventOf(init: EventInit, replaceIdentifier: IdentifierHash | null = null): Event {
  const row = rowOf(init, replaceIdentifier);
  if (row.kind !== 'event') throw new Error('is a prediction');
  return row.event;
}

describe('receive', () => {
  it('takes probabilities that come to 1, and says what is wrong with others', () => {
    expect(rowOf(prediction({ probabilities: { cat: 0.333, dog: 0.333, owl: 0.333 } }))).toMatchObject({
      probabilities: { cat: 0.333, dog: 0.333, owl: 0.333 },
    });
    const refused = (probabilities: object) => received(prediction({ probabilities }));
    expect(refused({ cat: 0.7, dog: 0.2 })).toMatchObject({
      refused: {
        field: 'prediction.probabilities',
        detail: 'come to 0.9, not to 1: give those of all classes, or of the answer alone as the score',
      },
    });
    expect(refused({ cat: 70, dog: 30 })).toMatchObject({
      refused: { field: 'prediction.probabilities.cat', detail: 'is 70: it must be from 0 to 1' },
    });
    expect(refused({ cat: NaN })).toMatchObject({ refused: { field: 'prediction.probabilities.cat' } });
  });

  it('makes a prediction a row, NaN where a number is absent', () => {
    const row = rowOf(prediction({ score: 0.9, segments: { country: 'de' }, features: { age: 30 } }));
    expect(row).toEqual({
      ...{ kind: 'prediction', id: 'p', source: 'test', model: 'fraud', version: 'v1', build: '', input: 'i' },
      ...{ role: Role.PRIMARY, timeMs: now.getTime(), class: '1', value: NaN, score: 0.9, latencyMs: NaN },
      ...{ costUsd: NaN, error: '', segments: { country: 'de' }, arm: '', features: { age: 30 }, unit: '' },
      probabilities: {},
    });
  });

  it('takes every kind of event, by its model', () => {
    for (const init of [prediction(), outcome(), deployment(), progress(), sample()]) {
      expect(received(init)).toMatchObject({ accepted: true, model: 'fraud' });
    }
  });

  it('fills in what an outcome need not repeat of its prediction', () => {
    const event = eventOf(outcome({ prediction: { version: 'v1', time, class: '0' } }));
    expect(event.kind.value).toMatchObject({ prediction: { model: 'fraud', input: 'i' } });
  });

  const far = Object.fromEntries(Array.from({ length: 33 }, (_, i) => [`k${i}`, '']));
  it.each<[string, EventInit, string, string]>([
    ['no kind', {}, '', 'says nothing'],
    ['no model', prediction({ model: '' }), 'prediction.model', 'is missing'],
    ['no version', prediction({ version: '' }), 'prediction.version', 'is missing'],
    ['no input', prediction({ input: '' }), 'prediction.input', 'is missing'],
    ['no time', prediction({ time: undefined }), 'prediction.time', 'is missing: give an instant'],
    ['an unknown role', prediction({ role: 9 }), 'prediction.role', 'is 9, which means nothing here: known are'],
    ['NaN', prediction({ latencyMs: NaN }), 'prediction.latencyMs', 'is NaN: leave the field out'],
    [
      'an infinite value',
      prediction({ value: Infinity }),
      'prediction.value',
      'is Infinity: it must be from -1e30 to 1e30',
    ],
    [
      'negative latency',
      prediction({ latencyMs: -1 }),
      'prediction.latencyMs',
      'is -1: it must be from 0 to 86,400,000 milliseconds',
    ],
    [
      'negative cost',
      prediction({ costUsd: -0.1 }),
      'prediction.costUsd',
      'is -0.1: it must be from 0 to 1,000,000 US dollars',
    ],
    ['a score above 1', prediction({ score: 1.1 }), 'prediction.score', 'is 1.1: it must be from 0 to 1'],
    ['a score below 0', prediction({ score: -0.1 }), 'prediction.score', 'is -0.1: it must be from 0 to 1'],
    ['a long input', prediction({ input: 'x'.repeat(513) }), 'prediction.input', 'has 513 characters: at most 512'],
    ['a long model', prediction({ model: 'x'.repeat(257) }), 'prediction.model', 'has 257 characters: at most 256'],
    [
      'a line break in a name',
      prediction({ model: 'a\nb' }),
      'prediction.model',
      'holds control characters, such as a line break, or half a surrogate pair',
    ],
    [
      'half a character',
      prediction({ input: 'a\ud800' }),
      'prediction.input',
      'holds control characters, such as a line break, or half a surrogate pair',
    ],
    ['too many segments', prediction({ segments: far }), 'prediction.segments', 'has 33 entries: at most 32'],
    ['a NaN feature', prediction({ features: { age: NaN } }), 'prediction.features.age', 'is not allowed: leave'],
    [
      'a large feature',
      prediction({ features: { age: 4e30 } }),
      'prediction.features.age',
      'is not allowed: it must be',
    ],
    [
      'a cost that nobody pays',
      prediction({ costUsd: 12e6 }),
      'prediction.costUsd',
      'is 12,000,000: it must be from 0',
    ],
    [
      'a step beyond exact numbers',
      progress({ step: 2n ** 53n }),
      'trainingProgress.step',
      'it must be from 0 to 9,007',
    ],
    ['a segment without name', prediction({ segments: { '': 'x' } }), 'prediction.segments', 'is missing'],
    ['a long id', { ...prediction(), id: 'x'.repeat(257) }, 'id', 'has 257 characters: at most 256'],
    ['no truth', outcome({ truth: '' }), 'outcome.truth', 'is missing: give the true class'],
    ['no time of knowing', outcome({ knownAt: undefined }), 'outcome.knownAt', 'is missing'],
    [
      'another input',
      outcome({ prediction: { version: 'v1', time, input: 'j' } }),
      'outcome.prediction.input',
      'is another than outcome.input: leave it out, or make them equal',
    ],
    ['no version within', outcome({ prediction: { time } }), 'outcome.prediction.version', 'is missing'],
    ['a weight above 1', deployment({ weight: 2 }), 'deployment.weight', 'is 2: it must be from 0 to 1'],
    ['no version', deployment({ version: '' }), 'deployment.version', 'is missing'],
    ['no job', progress({ job: '' }), 'trainingProgress.job', 'is missing'],
    ['a loss that is NaN', progress({ loss: NaN }), 'trainingProgress.loss', 'is NaN'],
    [
      'an unknown checkpoint',
      progress({ checkpoint: 'x' }),
      'trainingProgress.checkpoint',
      'is unknown: "saved", "failed"',
    ],
    ['an unknown state', progress({ state: 'done' }), 'trainingProgress.state', 'is unknown: "running", "finished"'],
    [
      'more steps than exact numbers',
      progress({ totalSteps: 2n ** 53n }),
      'trainingProgress.totalSteps',
      'it must be from 0 to 9,007',
    ],
    ['no name of what is measured', measurement({ name: '' }), 'measurement.name', 'give text such as "revenue"'],
    ['a name that is an essay', measurement({ name: 'x'.repeat(129) }), 'measurement.name', 'at most 128 are allowed'],
    ['no value', measurement({ value: undefined }), 'measurement.value', 'is missing: give a number such as 12.5'],
    ['a value that is none', measurement({ value: NaN }), 'measurement.value', 'send nothing where there is no number'],
    [
      'an infinite value',
      measurement({ value: -Infinity }),
      'measurement.value',
      'is -Infinity: it must be from -1e30',
    ],
    ['a unit that is a sentence', measurement({ unit: 'x'.repeat(33) }), 'measurement.unit', 'at most 32 are allowed'],
    ['a line break in a unit', measurement({ unit: 'a\nb' }), 'measurement.unit', 'holds control characters'],
    ['a subject that is a document', measurement({ subject: 'x'.repeat(513) }), 'measurement.subject', 'at most 512'],
    ['no time of measuring', measurement({ time: undefined }), 'measurement.time', 'is missing'],
    ['a CPU ratio above 1', sample({ cpuRatio: 80 }), 'infrastructureSample.cpuRatio', 'is 80: it must be from 0 to 1'],
    [
      'negative memory',
      sample({ memoryBytes: -1 }),
      'infrastructureSample.memoryBytes',
      'it must be from 0 to 9,007,199,254,740,991 bytes',
    ],
  ])('refuses %s', (_, init, field, detail) => {
    const reason = 'invalid-field';
    expect(received(init)).toEqual({
      accepted: false,
      refused: { reason, field, detail: expect.stringContaining(detail) },
    });
  });

  it.each<[string, EventInit, string]>([
    ['2026-03-01T12:05:00.001Z', prediction({ time: at('2026-03-01T12:05:00.001Z') }), 'in the future'],
    ['the year 9999', outcome({ knownAt: at('9999-01-01T00:00:00Z') }), 'in the future'],
    ['31 days and a moment ago', deployment({ time: at('2026-01-29T11:59:59.999Z') }), 'too old'],
    ['the year 1970', sample({ time: at('1970-01-01T00:00:00Z') }), 'too old'],
  ])('refuses %s', (_, init, detail) => {
    const refused = { reason: 'time-out-of-range', detail: expect.stringContaining(detail) };
    expect(received(init)).toMatchObject({ accepted: false, refused });
  });

  it.each([
    ['five minutes ahead', '2026-03-01T12:05:00Z'],
    ['31 days ago', '2026-01-29T12:00:00Z'],
  ])('takes what lies %s', (_, iso) => {
    expect(received(prediction({ time: at(iso) }))).toMatchObject({ accepted: true });
  });

  it('refuses what is no instant at all', () => {
    for (const wrong of [
      { seconds: 9n ** 20n, nanos: 0 },
      { seconds: 0n, nanos: -1 },
    ]) {
      expect(received(prediction({ time: wrong }))).toMatchObject({
        accepted: false,
        refused: { field: 'prediction.time' },
      });
    }
  });

  it('refuses a key that an object could not hold', () => {
    const event = create(EventSchema, prediction());
    Object.defineProperty((event.kind.value as { segments: object }).segments, '__proto__', {
      value: 'x',
      enumerable: true,
    });
    const context = { nowMs: now.getTime(), horizonMs: day, replaceIdentifier: null, contentId };
    expect(receive(event, context)).toMatchObject({ accepted: false, refused: { field: 'prediction.segments' } });
  });
});

describe('an event without id', () => {
  it('gets one of its content and time', () => {
    const id = (over: object) => (rowOf({ ...prediction(over), id: '' }) as { id: string }).id;
    expect(id({})).toMatch(/^sha256-[0-9a-f]{32}$/);
    expect(id({})).toBe(id({}));
    expect(id({ time: at('2026-03-01T12:00:01Z') })).not.toBe(id({}));
  });
});

describe('anonymisation', () => {
  const replace = identifierHash({ id: 'k1', secret: 'a-secret-of-enough-length' });

  it('gives a prediction and its outcome the same input, which tells nothing', () => {
    const row = rowOf(prediction({ input: 'customer 4711' }), replace) as { input: string };
    const event = eventOf(outcome({ input: 'customer 4711', prediction: { version: 'v1', time } }), replace);
    expect(row.input).toMatch(/^k1:[\w-]{22}$/);
    expect(event.kind.value).toMatchObject({ input: row.input, prediction: { input: row.input } });
  });

  it('differs from input to input and from key to key', () => {
    const other = identifierHash({ id: 'k1', secret: 'another-secret-of-length' });
    expect(new Set([replace.of('a'), replace.of('b'), other.of('a')]).size).toBe(3);
  });

  it('does not let the id tell what it hides', () => {
    const id = (hash: IdentifierHash | null) => (rowOf({ ...prediction(), id: '' }, hash) as { id: string }).id;
    expect(id(replace)).not.toBe(id(null));
  });

  it('hides who deployed, and refuses by the original', () => {
    expect(eventOf(deployment({ by: 'jane' }), replace).kind.value).toMatchObject({ by: replace.of('jane') });
    expect(received(prediction({ input: 'x'.repeat(513) }), replace)).toMatchObject({ accepted: false });
  });
});

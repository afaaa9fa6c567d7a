import { create, toBinary, toJson, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from '@jest/globals';
import type { ForeignRecord } from '@moola/contracts/foreign-record';
import type { DeadLetter } from '@moola/contracts/gen/moola/v1/dead_letters_pb';
import { EventBatchSchema, EventSchema } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { partitionOf } from '@moola/contracts/partition-of';
import type { IntakeRow } from '@moola/contracts/rows';
import { unseal } from '@moola/platform/dead-letters/seal';
import { runProcessor, type EmittedRow } from '@moola/testing/run-processor';
import { contentId } from '../event-id.js';
import { identifierHash } from '../identifier-hash.js';
import { refusalLetter } from '../refusal-letter.js';
import { receiveProcessor } from './receive-processor.js';
import type { ReceiveCounts } from './receive-settings.js';

type EventInit = MessageInitShape<typeof EventSchema>;

const nowMs = Date.UTC(2026, 2, 1, 12);
const day = 24 * 3_600_000;
const key = Buffer.alloc(32, 7);
const partitions = 5;
const time = timestampFromMs(nowMs);

function processor(counted: (counts: ReceiveCounts) => void = () => undefined) {
  return receiveProcessor({
    ...{ horizonMs: 31 * day, contentId, counted },
    replaceIdentifier: identifierHash({ id: 'k', secret: 'a secret of enough length' }),
    letter: (refused) => refusalLetter(key, refused),
  });
}

const prediction = (over: object = {}): EventInit => ({
  ...{ id: 'p', source: 'test' },
  kind: { case: 'prediction', value: { model: 'fraud', version: 'v1', input: 'i', time, class: '1', ...over } },
});
const message = (init: EventInit) => create(EventSchema, init);
const eventBytes = (init: EventInit) => toBinary(EventSchema, message(init));
const batchBytes = (...inits: EventInit[]) =>
  toBinary(EventBatchSchema, create(EventBatchSchema, { events: inits.map(message) }));
const json = (...inits: EventInit[]) => inits.map((init) => toJson(EventSchema, message(init)));
const record = (value: Uint8Array | string, contentType?: string, appendedAtMs = nowMs): ForeignRecord => ({
  value: typeof value === 'string' ? Buffer.from(value) : value,
  headers: contentType === undefined ? {} : { 'content-type': contentType },
  appendedAtMs,
});

/** What comes out of records, in order. */
function received(records: readonly ForeignRecord[], restartBefore: ReadonlySet<number> = new Set()) {
  const emitted = runProcessor(
    processor(),
    records.map((data) => ({ data })),
    { partitions, restartBefore },
  );
  const of = <T>(topic: string) => emitted.filter((row) => row.topic === topic).map((row) => valueOf(row) as T);
  return { emitted, rows: of<IntakeRow>('intake'), letters: of<DeadLetter>('dead-letters') };
}

function valueOf({ content }: EmittedRow): unknown {
  return content.kind === 'data' ? content.value : undefined;
}

const ids = (rows: readonly IntakeRow[]) => rows.map((row) => (row.kind === 'prediction' ? row.id : row.event.id));

describe('collector/receive', () => {
  it.each([
    ['an event in protobuf that is not announced', record(eventBytes(prediction())), ['p']],
    [
      'an announced event',
      record(eventBytes(prediction()), 'application/x-protobuf; messageType=moola.v1.Event'),
      ['p'],
    ],
    [
      'an announced batch',
      record(
        batchBytes(prediction(), { ...prediction(), id: 'q' }),
        'application/x-protobuf;messageType="moola.v1.EventBatch"',
      ),
      ['p', 'q'],
    ],
    ['a batch that is not announced', record(batchBytes(prediction(), { ...prediction(), id: 'q' })), ['p', 'q']],
    ['an event in JSON that is not announced', record(JSON.stringify(json(prediction())[0])), ['p']],
    ['an array of events', record(JSON.stringify(json(prediction(), { ...prediction(), id: 'q' }))), ['p', 'q']],
    [
      'events in an object',
      record(JSON.stringify({ events: json(prediction()) }), 'application/json; charset=utf-8'),
      ['p'],
    ],
    ['JSON that begins with a space', record(` ${JSON.stringify(json(prediction())[0])}`, 'Application/JSON'), ['p']],
    [
      'lines',
      record(
        json(prediction(), prediction())
          .map((each) => JSON.stringify(each))
          .join('\n'),
        'application/x-ndjson',
      ),
      ['p', 'p'],
    ],
    ['an empty array', record('[]'), []],
    ['JSON behind a byte order mark', record(`\ufeff${JSON.stringify(json(prediction())[0])}`), ['p']],
    [
      'announced JSON behind a byte order mark',
      record(`\ufeff${JSON.stringify(json(prediction())[0])}`, 'application/json'),
      ['p'],
    ],
  ])('takes %s', (_, given, expected) => {
    const { rows, letters } = received([given]);
    expect(letters).toEqual([]);
    expect(ids(rows)).toEqual(expected);
  });

  it('finds the header whichever way its name is written', () => {
    const { value } = record(` ${JSON.stringify(json(prediction())[0])}`);
    const { rows } = received([
      { value, headers: { other: 'x', 'Content-Type': 'application/json' }, appendedAtMs: nowMs },
    ]);
    expect(ids(rows)).toEqual(['p']);
  });

  it('keys each event by its model, in the order in which they come', () => {
    const models = ['a', 'b', 'c', 'd', 'e', 'f', 'a'];
    const { emitted } = received([record(batchBytes(...models.map((model) => prediction({ model }))))]);
    expect(emitted.map(({ partition }) => partition)).toEqual(models.map((model) => partitionOf(model, partitions)));
    expect(emitted.map((row) => (valueOf(row) as { model: string }).model)).toEqual(models);
  });

  it('gives the same row for the same event in every form, its identifier replaced', () => {
    const full = prediction({ role: 2, score: 0.5, latencyMs: 12, segments: { country: 'de' }, features: { age: 3 } });
    const { rows } = received([
      record(eventBytes(full)),
      record(batchBytes(full)),
      record(JSON.stringify(json(full)[0])),
      record(eventBytes({ ...full, id: '' })),
      record(JSON.stringify(json({ ...full, id: '' })[0])),
    ]);
    const [first, second, third, fourth, fifth] = rows;
    expect(first).toMatchObject({
      id: 'p',
      input: expect.stringMatching(/^k:[\w-]{22}$/),
      segments: { country: 'de' },
    });
    expect([second, third]).toEqual([first, first]);
    expect(fourth).toMatchObject({ id: expect.stringMatching(/^sha256-[0-9a-f]{32}$/) });
    expect(fifth).toEqual(fourth);
  });

  it("decides what is too old, or ahead, by the record's own time", () => {
    const at = (ms: number) => eventBytes(prediction({ time: timestampFromMs(ms) }));
    const later = nowMs + 40 * day;
    const { rows, letters } = received([
      record(at(nowMs)),
      record(at(nowMs), undefined, later),
      record(at(later), undefined, later),
      record(at(later)),
    ]);
    expect(rows).toHaveLength(2);
    expect(letters.map(({ detail }) => detail)).toEqual([
      expect.stringContaining('prediction.time is 2026-03-01T12:00:00.000Z, too old'),
      expect.stringContaining('in the future'),
    ]);
    expect(letters.map(({ atMs }) => atMs)).toEqual([later, nowMs]);
  });

  it('refuses an event by itself: its neighbours count', () => {
    const wrong = prediction({ version: '' });
    const { rows, letters } = received([
      record(batchBytes(prediction(), wrong, prediction())),
      record(JSON.stringify([...json(prediction()), 17, ...json(wrong, prediction())])),
      record(eventBytes(wrong)),
      record(eventBytes(wrong)),
    ]);
    expect(rows).toHaveLength(4);
    expect(letters.map(({ origin, encoding, detail }) => [origin, encoding, detail])).toEqual([
      ['telemetry', 'protobuf', 'prediction.version is missing: give text such as "v7" (partition 0, offset 0)'],
      ['telemetry', 'json', expect.stringContaining('is a whole number: expected an event')],
      ['telemetry', 'json', 'prediction.version is missing: give text such as "v7" (partition 0, offset 1)'],
      ['telemetry', 'protobuf', 'prediction.version is missing: give text such as "v7" (partition 0, offset 2)'],
      ['telemetry', 'protobuf', 'prediction.version is missing: give text such as "v7" (partition 0, offset 3)'],
    ]);
    const [first, second, third, last] = letters.map(({ id, sealed }) => unseal(key, id, sealed));
    expect(first).toEqual({ ok: true, bytes: Buffer.from(eventBytes(wrong)) });
    expect(second).toEqual({ ok: true, bytes: Buffer.from('17') });
    expect(third).toEqual({ ok: true, bytes: Buffer.from(JSON.stringify(json(wrong)[0])) });
    expect(last).toEqual(first);
    expect(new Set(letters.map(({ id }) => id)).size).toBe(5);
  });

  it.each([
    ['nothing at all', record(''), 'says nothing'],
    [
      'a content type that is not taken',
      record('<a/>', 'text/xml'),
      'the record has the content type "text/xml", which is not taken: send application/json',
    ],
    [
      'a message that is no event',
      record(eventBytes(prediction()), 'application/x-protobuf; messageType=moola.v1.Definition'),
      'the message "moola.v1.Definition": only moola.v1.Event or moola.v1.EventBatch',
    ],
    ['JSON that is none', record('{"prediction": }'), 'the record is no JSON: column 16'],
    [
      'a batch that is cut off',
      record(batchBytes(prediction()).subarray(0, 20), 'application/x-protobuf; messageType=moola.v1.EventBatch'),
      'is no moola.v1.EventBatch: byte 0',
    ],
    [
      "a schema registry's framing",
      record(Buffer.concat([Buffer.from([0, 0, 0, 1, 2, 0]), eventBytes(prediction())])),
      'begins with the framing of a schema registry (a byte 0, then schema 258): configure the producer with',
    ],
    [
      'that framing before JSON',
      record(Buffer.concat([Buffer.alloc(5), Buffer.from(JSON.stringify(json(prediction())[0]))]), 'application/json'),
      'begins with the framing of a schema registry (a byte 0, then schema 0)',
    ],
    [
      'UTF-16',
      record(Buffer.from(`\ufeff${JSON.stringify(json(prediction())[0])}`, 'utf16le'), 'application/json'),
      'is text in UTF-16 (its byte order mark says so): write JSON in UTF-8',
    ],
  ])('keeps %s as a dead letter', (_, given, detail) => {
    const { rows, letters } = received([record(eventBytes(prediction())), given, record(eventBytes(prediction()))]);
    expect(rows).toHaveLength(2);
    expect(letters).toMatchObject([{ detail: expect.stringContaining(detail) }]);
  });

  it('gives the same bytes when it applies a record again, dead letters among them', () => {
    const records = [
      record(batchBytes(prediction(), prediction({ version: '' }))),
      record(JSON.stringify(json({ ...prediction(), id: '' }))),
      record('no event'),
    ];
    const once = received(records).emitted;
    expect(received(records, new Set([0, 1, 2])).emitted).toEqual(once);
    expect(received(records).emitted).toEqual(once);
  });

  it('counts what it takes, refuses and passes over, for each save', () => {
    const counts: ReceiveCounts[] = [];
    const newer = { ...(json(prediction())[0] as object), mood: 'good' };
    runProcessor(
      processor((each) => counts.push(each)),
      [record(JSON.stringify([newer, 1])), record(eventBytes(prediction())), record('[]')].map((data) => ({ data })),
      { restartBefore: new Set([2]) },
    );
    expect(counts).toEqual([{ accepted: 2, refused: 1, unknownFields: 1 }]);
  });
});

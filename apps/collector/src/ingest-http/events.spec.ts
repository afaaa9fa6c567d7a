import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { create, toBinary } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterEach, describe, expect, it } from '@jest/globals';
import { DeadLetterReason } from '@moola/contracts/gen/moola/v1/dead_letters_pb';
import { EventBatchSchema } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { partitionOf } from '@moola/contracts/partition-of';
import { unseal } from '@moola/platform/dead-letters/seal';
import { RememberedModels } from '../join/remembered-models.js';
import { DiskFullError, LogUnavailableError } from '@moola/streams/ports/event-log';
import { EventsServer, installationKey, now, partitions, type EventsServerOptions } from './story/events-server.js';

let server: EventsServer;
const start = async (options?: EventsServerOptions): Promise<void> => {
  server = await EventsServer.start(options);
};
afterEach(() => server.stop());

const prediction = (over: object = {}) => ({
  ...{ model: 'fraud', version: 'v1', input: 'i', time: now.toISOString(), class: '1', latencyMs: 12 },
  ...over,
});
const event = (id: string, over: object = {}) => ({ id, source: 'test', prediction: prediction(over) });

/** Status and body of an answer. */
async function answer(request: Promise<Response>): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await request;
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function idsTaken(): Promise<string[]> {
  return (await server.intake()).flat().map((row) => (row.kind === 'prediction' ? row.id : row.event.id));
}

describe('POST /v1/events', () => {
  it('takes one event, an array, and {"events": […]}', async () => {
    await start();
    expect(await answer(server.postJson(event('a')))).toEqual({
      status: 200,
      body: { accepted: 1, refused: 0, events: [{ index: 0, id: 'a', accepted: true }] },
    });
    expect(await answer(server.postJson([event('b'), event('c')]))).toMatchObject({
      status: 200,
      body: { accepted: 2 },
    });
    expect(await answer(server.postJson({ events: [event('d')] }))).toMatchObject({
      status: 200,
      body: { accepted: 1 },
    });
    expect(await answer(server.postJson([]))).toEqual({ status: 200, body: { accepted: 0, refused: 0, events: [] } });
    expect(await idsTaken()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('takes NDJSON, and refuses a line that is none by itself', async () => {
    await start();
    const lines = [
      JSON.stringify(event('a')),
      '',
      '{"id": "b", "prediction": {"model": }}',
      JSON.stringify(event('c')),
    ];
    expect(await answer(server.post(lines.join('\n'), 'application/x-ndjson'))).toEqual({
      status: 207,
      body: {
        accepted: 2,
        refused: 1,
        events: [
          { index: 0, id: 'a', accepted: true },
          {
            index: 1,
            accepted: false,
            reason: 'malformed',
            field: '',
            detail: 'line 3 is no JSON: column 37: found "}", expected a value',
          },
          { index: 2, id: 'c', accepted: true },
        ],
      },
    });
    expect(await idsTaken()).toEqual(['a', 'c']);
  });

  it('takes protobuf, and refuses an event that is none by itself', async () => {
    await start();
    const { events } = create(EventBatchSchema, {
      events: [{ id: 'a', kind: { case: 'prediction', value: { ...prediction(), time: timestampFromDate(now) } } }],
    });
    const good = toBinary(EventBatchSchema, create(EventBatchSchema, { events }));
    const broken = Uint8Array.of(0x0a, 2, 0x0a, 9);
    const response = server.post(Buffer.concat([broken, good]), 'application/x-protobuf');
    expect(await answer(response)).toMatchObject({
      status: 207,
      body: {
        accepted: 1,
        events: [{ reason: 'malformed', detail: expect.stringContaining('is no moola.v1.Event:') }, {}],
      },
    });
    expect(await idsTaken()).toEqual(['a']);
  });

  it('says of every refused event why, in which field, and keeps what is valid beside it', async () => {
    await start();
    const body = [
      event('a'),
      event('b', { latencyMs: 'NaN' }),
      event('c', { latencyMs: -1 }),
      event('d', { time: '2027-01-01T00:00:00Z' }),
      event('e', { latncyMs: 1 }),
      { id: 'f', outcome: { model: 'fraud', input: 'unknown', knownAt: now.toISOString(), truth: '1' } },
      17,
    ];
    const { status, body: answered } = await answer(server.postJson(body, '?answers=refused'));
    expect(status).toBe(207);
    expect(answered).toEqual({
      accepted: 2,
      refused: 5,
      events: [
        {
          index: 1,
          id: 'b',
          accepted: false,
          reason: 'invalid-field',
          field: 'prediction.latencyMs',
          detail: expect.stringContaining('is NaN'),
        },
        {
          index: 2,
          id: 'c',
          accepted: false,
          reason: 'invalid-field',
          field: 'prediction.latencyMs',
          detail: 'is -1: it must be from 0 to 86,400,000 milliseconds (one day)',
        },
        {
          index: 3,
          id: 'd',
          accepted: false,
          reason: 'time-out-of-range',
          field: 'prediction.time',
          detail: expect.stringContaining('in the future'),
        },
        {
          ...{ index: 4, id: 'e', accepted: false, reason: 'invalid-field', field: 'prediction.latncyMs' },
          detail: 'is no field of prediction: did you mean "latencyMs"?',
        },
        {
          index: 6,
          accepted: false,
          reason: 'malformed',
          field: '',
          detail: expect.stringContaining('is a whole number: expected an event'),
        },
      ],
    });
    expect(await idsTaken()).toEqual(['a', 'f']);
  });

  it('refuses one event that is nested without end, and takes those beside it', async () => {
    await start();
    const deep = `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`;
    const texts = [
      JSON.stringify(event('a')),
      `{"id": "b", "prediction": ${deep}}`,
      `${'['.repeat(5000)}${']'.repeat(5000)}`,
      JSON.stringify(event('c')),
    ];
    const answers = [
      await answer(server.post(`[${texts.join(',')}]`, 'application/json')),
      await answer(server.post(texts.join('\n').replaceAll('"a"', '"x"'), 'application/x-ndjson')),
    ];
    for (const { status, body } of answers) {
      expect({ status, body }).toMatchObject({ status: 207, body: { accepted: 2, refused: 2 } });
    }
    const letters = await server.deadLetters();
    expect(letters).toHaveLength(4);
    const opened = letters.map(({ id, sealed }) => unseal(installationKey, id, sealed));
    expect(opened[0]).toEqual({ ok: true, bytes: Buffer.from(texts[1] ?? '') });
  });

  it.each([
    ['JSON', `[${'{},'.repeat(50_000)}{}]`, 'application/json'],
    ['an object of events', `{"events":[${'1,'.repeat(50_000)}1]}`, 'application/json'],
    ['more objects than events could have', `[${'[{},{}],'.repeat(150_001)}{}]`, 'application/json'],
    ['lines', '{}\n'.repeat(50_001), 'application/x-ndjson'],
    ['protobuf', new Uint8Array(100_002).map((_, at) => (at % 2 === 0 ? 0x0a : 0)), 'application/x-protobuf'],
  ])('refuses a body of more than 50,000 events, before it reads them: %s', async (_, body, contentType) => {
    await start({ limits: { maximumBodyBytes: 2 ** 21, maximumBytesInFlight: 2 ** 22 } });
    expect(await answer(server.post(body, contentType))).toMatchObject({
      status: 413,
      body: { message: 'the body holds more than 50000 events: send them in batches of some hundred' },
    });
    expect(await server.deadLetters()).toHaveLength(1);
  });

  it('counts in few dead letters what it refuses by the thousand', async () => {
    await start();
    const body = `[${JSON.stringify(event('a', { version: '' }))},${'{},'.repeat(9_000)}1]`;
    expect(await answer(server.post(body, 'application/json'))).toMatchObject({
      status: 400,
      body: { refused: 9_002 },
    });
    const letters = await server.deadLetters();
    expect(letters).toHaveLength(102);
    expect(letters.reduce((sum, { events }) => sum + Math.max(1, events), 0)).toBe(9_002);
    expect(letters.at(-2)?.detail).toMatch(
      /^says nothing.*; with it 8900 more of the same body are refused as invalid-field/,
    );
  });

  it('says what of the accepted events nothing uses yet', async () => {
    await start();
    const events = [
      event('a', { score: 0.5, segments: { country: 'de' }, build: 'b7', features: {} }),
      { outcome: { model: 'fraud', input: 'i', knownAt: now.toISOString(), truth: '1', value: 3 } },
      event('b', { experimentArm: 'x', version: '' }),
    ];
    expect(await answer(server.postJson(events))).toMatchObject({
      status: 207,
      body: { unused: ['prediction.build', 'outcome.value'] },
    });
  });

  it('refuses what the join would drop as too late, with what to change', async () => {
    const remembered = new RememberedModels();
    await start({ remembered });
    const heldFromMs = now.getTime() - 3_600_000;
    for (let partition = 0; partition < partitions; partition++) remembered.begun(partition, () => heldFromMs);
    const at = (ms: number) => new Date(heldFromMs + ms).toISOString();
    const events = [
      event('a', { time: at(0) }),
      event('b', { time: at(-1) }),
      { id: 'c', outcome: { model: 'fraud', input: 'i', knownAt: at(-1), truth: '1' } },
      {
        id: 'd',
        outcome: { model: 'fraud', input: 'i', knownAt: at(0), truth: '1', prediction: prediction({ time: at(-1) }) },
      },
      { id: 'e', deployment: { model: 'fraud', version: 'v1', time: at(-1) } },
    ];
    const { body } = await answer(server.postJson(events));
    expect(body).toMatchObject({
      accepted: 2,
      events: [
        { id: 'a', accepted: true },
        {
          ...{ id: 'b', accepted: false, reason: 'time-out-of-range', field: 'prediction.time' },
          detail: expect.stringContaining(
            `before ${at(0)} is forgotten, and could not be told from a repetition. A longer labelHorizon`,
          ),
        },
        { id: 'c', accepted: false, field: 'outcome.knownAt' },
        { id: 'd', accepted: false, field: 'outcome.prediction.time' },
        { id: 'e', accepted: true },
      ],
    });
    expect(await idsTaken()).toEqual(['a', 'e']);
  });

  it('says of old events what may become of them, where it cannot know', async () => {
    await start();
    const time = new Date(now.getTime() - 25 * 3_600_000).toISOString();
    const { body } = await answer(server.postJson([event('a'), event('b', { time })], '?answers=refused'));
    expect(body).toMatchObject({ accepted: 2, events: [{ index: 1, id: 'b', accepted: true }] });
    expect(body).toMatchObject({ events: [{ note: expect.stringContaining('prediction.time is more than 24h ago') }] });
  });

  it('answers 400 when nothing was taken', async () => {
    await start();
    expect(await answer(server.postJson([event('a', { model: '' })]))).toMatchObject({
      status: 400,
      body: { refused: 1 },
    });
  });

  it('keeps the original bytes of what it refused, sealed', async () => {
    await start();
    const bad = '{ "id": "b",  "prediction": {"model": "fraud", "input": "customer 4711"} }';
    await server.post(`{"events": [ ${JSON.stringify(event('a'))}, ${bad} ]}`, 'application/json');
    const [letter, ...others] = await server.deadLetters();
    expect(others).toEqual([]);
    expect(letter).toMatchObject({
      ...{ origin: 'http', encoding: 'json', reason: DeadLetterReason.INVALID_FIELD, atMs: now.getTime() },
      detail: 'prediction.version is missing: give text such as "v7"',
    });
    expect(Buffer.from(letter?.sealed ?? []).includes('4711')).toBe(false);
    const opened = unseal(installationKey, letter?.id ?? '', letter?.sealed ?? Buffer.alloc(0));
    expect(opened).toEqual({ ok: true, bytes: Buffer.from(bad) });
  });

  it.each([
    [
      'application/json',
      '{"events": [{]}',
      'the body is no JSON: column 14: found "]", expected a field name in double quotes',
    ],
    ['application/json', '', 'the body is no JSON: column 1: found the end, expected a value'],
    ['application/json', '[1]\n]', 'the body is no JSON: line 2, column 1: found "]", expected nothing more'],
    ['application/json', '{"events": 5}', 'the body has "events", which is no array: expected {"events": […]}'],
    ['application/json', Uint8Array.of(0x22, 0xff, 0x22), 'the body is no UTF-8 text'],
    ['application/x-protobuf', Uint8Array.of(0x0a, 200, 1), 'the body is no moola.v1.EventBatch: byte 0: '],
    [
      'application/x-protobuf',
      Uint8Array.of(0x10, 1),
      'the body is no moola.v1.EventBatch: byte 0 begins field 2, expected field 1 (events)',
    ],
  ])('says where a malformed body of %s stops being one: %j', async (contentType, body, message) => {
    await start();
    const { status, body: answered } = await answer(server.post(body, contentType));
    expect({ status, ...answered }).toEqual({
      ...{ status: 400, statusCode: 400, error: 'Bad Request' },
      message: expect.stringContaining(message),
    });
    expect(await server.deadLetters()).toHaveLength(1);
  });

  it('refuses a format that it does not know', async () => {
    await start();
    const { status, body } = await answer(server.post('a,b', 'text/csv'));
    expect({ status, message: body['message'] }).toEqual({
      status: 415,
      message: expect.stringContaining('send application/json, application/x-ndjson, application/x-protobuf'),
    });
  });

  it('refuses a body that is too large, whether it says so or not', async () => {
    await start({ limits: { maximumBodyBytes: 2048 } });
    const body = JSON.stringify([event('a', { class: 'x'.repeat(4000) })]);
    const declared = await answer(server.post(body, 'application/json'));
    expect(declared).toMatchObject({
      status: 413,
      body: { message: expect.stringContaining('larger than 2048 bytes (MOOLA_MAXIMUM_BODY)') },
    });
    const { port, hostname } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;
    socket.write(
      'POST /v1/events HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n',
    );
    socket.write(chunk(body) + chunk(''));
    const [head] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    expect(head.toString()).toMatch(/^HTTP\/1\.1 413 /);
    expect(await idsTaken()).toEqual([]);
  });

  it('refuses a body beyond what may be in flight, and takes it when there is room again', async () => {
    let letFlush = (): void => undefined;
    const gate = new Promise<void>((resolve) => (letFlush = resolve));
    let flushes = (): void => undefined;
    const flushing = new Promise<void>((resolve) => (flushes = resolve));
    const aroundFlush = async (flush: () => Promise<void>): Promise<void> => {
      flushes();
      await gate;
      await flush();
    };
    await start({ limits: { maximumBytesInFlight: 200 }, aroundFlush });
    const first = server.postJson([event('a')]);
    await flushing;
    const second = await server.postJson([event('b')]);
    expect({ status: second.status, retryAfter: second.headers.get('retry-after') }).toEqual({
      status: 429,
      retryAfter: '1',
    });
    letFlush();
    expect((await first).status).toBe(200);
    expect((await server.postJson([event('b')])).status).toBe(200);
    expect(await idsTaken()).toEqual(['a', 'b']);
  });

  it('refuses events that are meant for another environment', async () => {
    await start();
    expect(await answer(server.postJson([event('a')], '?environment=live'))).toMatchObject({
      status: 404,
      body: { message: 'this address takes events of the environment "test", and the request names another one' },
    });
    expect((await server.postJson([event('b')], '?environment=test&environment=live')).status).toBe(404);
    expect((await server.postJson([event('c')], '?environment=test')).status).toBe(200);
    expect(await idsTaken()).toEqual(['c']);
  });

  it('takes its route however the address is written, and never answers what a caller wrote', async () => {
    await start();
    const written = {
      status: 200,
      headers: { 'set-cookie': 'session=theirs', 'content-type': 'text/html' },
      body: '<b>',
    };
    for (const path of ['/v1/%65vents', '/%76%31/events', '/v1/events?x', '/v1/events']) {
      const response = await fetch(new URL(path, server.url), {
        ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(written) },
      });
      expect([path, response.status, response.headers.get('set-cookie')]).toEqual([path, 400, null]);
      expect(await response.json()).toMatchObject({ accepted: 0, refused: 1, events: [{ reason: 'invalid-field' }] });
    }
    const types = ['application/vnd.moola.events', 'text/html', 'application/x-www-form-urlencoded', ''];
    for (const type of types) {
      const response = await server.post(JSON.stringify(written), type);
      expect([type, response.status]).toEqual([type, 415]);
      expect(await response.json()).toMatchObject({ statusCode: 415 });
    }
  });

  it('takes events of so many models that nobody declared, and says of one more what to do', async () => {
    await start({ mostUndeclaredModels: 2 });
    const models = ['fraud', 'churn', 'order-4711', 'fraud'];
    const { status, body } = await answer(server.postJson(models.map((model, n) => event(`e${n}`, { model }))));
    expect({ status, ...body }).toMatchObject({
      ...{ status: 207, accepted: 3, refused: 1 },
      events: [{}, {}, { id: 'e2', reason: 'too-many-models', detail: expect.stringContaining('moola apply') }, {}],
    });
    expect((await idsTaken()).sort()).toEqual(['e0', 'e1', 'e3']);
    expect((await server.deadLetters()).map(({ reason }) => reason)).toEqual([DeadLetterReason.TOO_MANY_MODELS]);
  });

  describe('with connections that send no whole body', () => {
    const open: Socket[] = [];
    afterEach(() => open.splice(0).forEach((socket) => socket.destroy()));
    const begin = (headers: string[], body = '') => {
      const { port, hostname } = new URL(server.url);
      const socket = connect(Number(port), hostname);
      open.push(socket);
      const head = ['POST /v1/events HTTP/1.1', 'host: localhost', 'content-type: application/json', ...headers];
      socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
      return socket;
    };
    const firstWords = async (socket: Socket) => ((await once(socket, 'data')) as [Buffer])[0].toString();

    it('goes on taking events: who only says that a body comes holds no room', async () => {
      await start({ limits: { maximumBytesInFlight: 4000, maximumBodyBytes: 4000 } });
      const length = (n: number) => (n % 2 === 0 ? 'transfer-encoding: chunked' : 'content-length: 3999');
      const begun = Array.from({ length: 8 }, (_, n) => firstWords(begin([length(n), 'expect: 100-continue'])));
      for (const words of await Promise.all(begun)) expect(words).toMatch(/^HTTP\/1\.1 100 /);
      expect((await server.postJson([event('a')])).status).toBe(200);
      expect(await idsTaken()).toEqual(['a']);
    });

    it('refuses them before anything else when they carry no token', async () => {
      await start({
        token: 'a-token-of-enough-length',
        limits: { maximumBytesInFlight: 4000, maximumBodyBytes: 4000 },
      });
      const body = 'x'.repeat(3000);
      const answers = Array.from({ length: 8 }, () => firstWords(begin(['content-length: 3999'], body)));
      for (const words of await Promise.all(answers)) expect(words).toMatch(/^HTTP\/1\.1 401 /);
      const headers = { 'content-type': 'application/json', authorization: 'bearer a-token-of-enough-length' };
      const response = await fetch(server.url, { method: 'POST', headers, body: JSON.stringify([event('a')]) });
      expect(response.status).toBe(200);
    });

    it('gives up a body that stops arriving, and gives its room to others', async () => {
      await start({ limits: { maximumBytesInFlight: 4000, maximumBodyBytes: 4000, stalledAfterMs: 50 } });
      expect(await firstWords(begin(['content-length: 3999'], 'x'.repeat(3900)))).toMatch(/^HTTP\/1\.1 408 /);
      expect((await server.postJson([event('a')])).status).toBe(200);
    });
  });

  it('does not answer before the flush that it promises', async () => {
    const order: string[] = [];
    const aroundFlush = async (flush: () => Promise<void>): Promise<void> => {
      await flush();
      // Long enough for an answer that did not wait to overtake.
      for (let turns = 0; turns < 50; turns++) await new Promise((resolve) => setImmediate(resolve));
      order.push('flushed');
    };
    await start({ aroundFlush });
    await server.postJson([event('a')]).then(() => order.push('answered'));
    expect(order).toEqual(['flushed', 'answered']);
  });

  it('answers 507 on a full disk, and promises nothing', async () => {
    await start({
      through: (log) => {
        log.append = () => Promise.reject(new DiskFullError('the data folder'));
        return log;
      },
    });
    const { status, body } = await answer(server.postJson([event('a')]));
    expect({ status, message: body['message'] }).toEqual({
      status: 507,
      message: expect.stringContaining('no space left for the data folder'),
    });
  });

  it('answers 503 when the log cannot be reached, and says when to come again', async () => {
    await start({
      through: (log) => {
        log.append = (at) => Promise.reject(new LogUnavailableError(at, 'no broker answers'));
        return log;
      },
    });
    const { status, headers } = await server.postJson([event('a')]);
    expect({ status, retryAfter: headers.get('retry-after') }).toEqual({ status: 503, retryAfter: '5' });
  });

  it('keys by model: one record a partition, however many events a batch holds', async () => {
    await start();
    const models = Array.from({ length: 40 }, (_, i) => `model-${i}`);
    await server.postJson(models.map((model) => event(model, { model })));
    const intake = await server.intake();
    expect(intake.map((rows) => rows.map((row) => (row as { model: string }).model))).toEqual(
      Array.from({ length: partitions }, (_, p) => models.filter((model) => partitionOf(model, partitions) === p)),
    );
    expect(await Promise.all(intake.map((_, partition) => server.records(partition)))).toEqual([1, 1, 1, 1]);
  });

  it('answers each of many requests at once for its own events', async () => {
    await start();
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, i) =>
        answer(server.postJson([event(`e${i}`), event(`e${i}-b`, { features: { of: i } })])),
      ),
    );
    answers.forEach(({ body }, i) => {
      const events = [`e${i}`, `e${i}-b`].map((id, index) => ({ index, id, accepted: true }));
      expect(body).toEqual({ accepted: 2, refused: 0, unused: ['prediction.features'], events });
    });
    expect((await idsTaken()).length).toBe(60);
  });
});

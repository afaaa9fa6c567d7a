import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DeadLetterReason } from '@moola/contracts/gen/moola/v1/dead_letters_pb';
import { topicName, topics } from '@moola/contracts/topics';
import { deadLetter, poisonLetters } from '@moola/platform/dead-letters/letters';
import { ConsoleServer, testKey } from '../testing/console-server.js';
import { DeadLetterFold } from './dead-letter-fold.js';
import type { Retry } from './dead-letters.js';

const letter = (original: Uint8Array | string, atMs: number, key = testKey) =>
  deadLetter(key, {
    ...{ atMs, origin: 'http', reason: DeadLetterReason.MALFORMED, encoding: 'json' },
    detail: 'line 1: no JSON',
    original: Buffer.from(original),
  });

const taken: { environment: string; encoding: string; payload: string }[] = [];
const retry: Retry = async (environment, { encoding }, payload) => {
  taken.push({ environment, encoding, payload: Buffer.from(payload).toString() });
  return [
    { event: 'a', accepted: true, detail: '' },
    { event: '#2', accepted: false, detail: 'prediction.latency_ms: -1 is negative' },
  ];
};

describe('the API of dead letters', () => {
  let server: ConsoleServer;
  const ask = async (method: 'GET' | 'POST', path: string) => {
    const response = await fetch(`${server.url}/api/v1/environments/live/dead-letters${path}`, { method });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  beforeEach(async () => {
    taken.length = 0;
    server = await ConsoleServer.start({ environments: ['live'], retry });
  });
  afterEach(() => server.close());

  it('lists the newest first, a page at a time, until there are no more', async () => {
    const [a, b, c] = [letter('x', 1000), letter('xy', 3000), letter('xyz', 2000)];
    await server.deadLetters('live', [a, b, c]);
    const first = await ask('GET', '?limit=2');
    expect(first.body).toEqual({
      total: 3,
      deadLetters: [
        expect.objectContaining({ id: b.id, atMs: 3000, size: 2 }),
        {
          ...{ id: c.id, atMs: 2000, times: 1, origin: 'http', reason: 'malformed', encoding: 'json', size: 3 },
          detail: 'line 1: no JSON',
        },
      ],
      next: c.id,
    });
    const second = await ask('GET', `?limit=2&before=${c.id}`);
    expect(second.body).toEqual({ total: 3, deadLetters: [expect.objectContaining({ id: a.id })], next: null });
  });

  it('counts the same bytes that come again, and shows them where they came last', async () => {
    const [a, b] = [letter('x', 1000), letter('y', 2000)];
    await server.deadLetters('live', [a, b]);
    await server.deadLetters('live', [letter('x', 3000)]);
    expect((await ask('GET', '')).body['deadLetters']).toEqual([
      expect.objectContaining({ id: a.id, times: 2, atMs: 3000 }),
      expect.objectContaining({ id: b.id, times: 1 }),
    ]);
  });

  it.each([
    ['text', '{"id": "ä"\n', { text: '{"id": "ä"\n' }],
    ['bytes that are no UTF-8', Uint8Array.from([0xff, 0x00]), { base64: '/wA=' }],
    ['text that would steer a terminal', '\u001b[2J', { base64: 'G1sySg==' }],
  ])('opens %s', async (_, original, payload) => {
    const asked = letter(original, 1000);
    await server.deadLetters('live', [letter('before', 1000), asked]);
    const { status, body } = await ask('GET', `/${asked.id}`);
    expect(status).toBe(200);
    expect(body).toEqual(expect.objectContaining({ id: asked.id, payload }));
  });

  it('takes the original bytes in again and says what became of each event', async () => {
    const { id } = letter('[1, 2]', 1000);
    await server.deadLetters('live', [letter('[1, 2]', 1000)]);
    expect(await ask('POST', `/${id}/retry`)).toEqual({
      status: 200,
      body: {
        id,
        events: [
          { event: 'a', accepted: true, detail: '' },
          { event: '#2', accepted: false, detail: 'prediction.latency_ms: -1 is negative' },
        ],
      },
    });
    expect(taken).toEqual([{ environment: 'live', encoding: 'json', payload: '[1, 2]' }]);
  });

  it('says why a letter cannot be opened or tried again', async () => {
    const foreign = letter('x', 1000, Buffer.alloc(32, 8));
    const poisoned = poisonLetters(testKey).letter({
      ...{ environment: 'live', processor: 'collector/join', partition: 0, offset: 4, row: 0, tickMs: 1000 },
      ...{ reason: 'cannot be applied', kind: 'data', bytes: Buffer.from('row') },
    });
    await server.deadLetters('live', [foreign, poisoned]);
    const answers = [
      await ask('GET', '/none'),
      await ask('GET', `/${foreign.id}`),
      await ask('POST', `/${poisoned.id}/retry`),
      await ask('GET', '?before=none'),
    ];
    expect(answers.map(({ status, body }) => [status, body['message']])).toEqual([
      [404, 'environment live has no dead letter "none"'],
      [409, `letter ${foreign.id} was sealed with another installation's key, or was changed since`],
      [
        409,
        `dead letter ${poisoned.id} is a row that collector/join could not apply, not what a producer sent: ` +
          'it cannot be taken in again; send the event anew once the cause is mended',
      ],
      [404, 'before: no dead letter "none" is known any more; list them from the start'],
    ]);
    expect(taken).toEqual([]);
  });

  it.each(['0', '-1', '1.5', 'many', '1001'])('refuses a page of %s letters', async (limit) => {
    const { status, body } = await ask('GET', `?limit=${limit}`);
    expect(status).toBe(400);
    expect(body['message']).toBe(`limit: "${limit}" is no whole number from 1 to 1000`);
  });

  it('names the environments that there are', async () => {
    const response = await fetch(`${server.url}/api/v1/environments/test/dead-letters`);
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual(
      expect.objectContaining({ message: 'there is no environment "test"; there are live' }),
    );
  });
});

describe('the fold of dead letters', () => {
  it('forgets the oldest when there are too many', () => {
    const fold = new DeadLetterFold(2);
    const at = { topic: topicName('live', topics.deadLetters), partition: 0 };
    const [a, b, c] = [letter('a', 0), letter('b', 1), letter('c', 3)];
    [a, b, { ...a, atMs: 2 }, c].forEach((each, offset) => fold.take(each, at, { offset, index: 0 }));
    expect(fold.page(10, null)?.deadLetters.map(({ id }) => id)).toEqual([c.id, a.id]);
    expect(fold.get(b.id)).toBeNull();
  });
});

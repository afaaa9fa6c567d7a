import { create } from '@bufbuild/protobuf';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DeadLetterReason, DeadLetterSchema } from '@moola/contracts/gen/moola/v1/dead_letters_pb';
import { topicName, topics } from '@moola/contracts/topics';
import { ConsoleServer } from '../testing/console-server.js';
import { DeadLetterFold } from './dead-letter-fold.js';
import type { DeadLetterPorts } from './dead-letters.js';

const seal = new Uint8Array(28);
const sealed = (payload: Uint8Array | string) => Uint8Array.from([...seal, ...Buffer.from(payload)]);

const taken: { environment: string; encoding: string; payload: string }[] = [];
const ports: DeadLetterPorts = {
  unseal: (letter) => (letter.id === 'foreign' ? null : letter.sealed.subarray(28)),
  retry: async (environment, { encoding }, payload) => {
    taken.push({ environment, encoding, payload: Buffer.from(payload).toString() });
    return [
      { event: 'a', accepted: true, detail: '' },
      { event: '#2', accepted: false, detail: 'prediction.latency_ms: -1 is negative' },
    ];
  },
};

const letter = (id: string, atMs: number, payload: Uint8Array | string) => ({
  ...{ id, atMs, origin: 'http', encoding: 'json' },
  reason: DeadLetterReason.MALFORMED,
  detail: 'line 1: no JSON',
  sealed: sealed(payload),
});

describe('the API of dead letters', () => {
  let server: ConsoleServer;
  const base = () => `${server.url}/api/v1/environments/live/dead-letters`;
  const get = async (path: string) => {
    const response = await fetch(`${base()}${path}`);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const post = async (path: string) => {
    const response = await fetch(`${base()}${path}`, { method: 'POST' });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  beforeEach(async () => {
    taken.length = 0;
    server = await ConsoleServer.start({ environments: ['live'], deadLetters: ports });
  });
  afterEach(() => server.close());

  it('lists the newest first, a page at a time, until there are no more', async () => {
    await server.deadLetters('live', [letter('a', 1000, 'x'), letter('b', 3000, 'xy'), letter('c', 2000, 'xyz')]);
    const first = await get('?limit=2');
    expect(first.body).toEqual({
      total: 3,
      deadLetters: [
        expect.objectContaining({ id: 'b', atMs: 3000, size: 2 }),
        {
          ...{ id: 'c', atMs: 2000, times: 1, origin: 'http', reason: 'malformed', encoding: 'json', size: 3 },
          detail: 'line 1: no JSON',
        },
      ],
      next: 'c',
    });
    const second = await get('?limit=2&before=c');
    expect(second.body).toEqual({ total: 3, deadLetters: [expect.objectContaining({ id: 'a' })], next: null });
  });

  it('counts the same bytes that come again, and shows them where they came last', async () => {
    await server.deadLetters('live', [letter('a', 1000, 'x'), letter('b', 2000, 'y')]);
    await server.deadLetters('live', [letter('a', 3000, 'x')]);
    expect((await get('')).body['deadLetters']).toEqual([
      expect.objectContaining({ id: 'a', times: 2, atMs: 3000 }),
      expect.objectContaining({ id: 'b', times: 1 }),
    ]);
  });

  it.each([
    ['text', '{"id": "ä"\n', { text: '{"id": "ä"\n' }],
    ['bytes that are no UTF-8', Uint8Array.from([0xff, 0x00]), { base64: '/wA=' }],
    ['text that would steer a terminal', '\u001b[2J', { base64: 'G1sySg==' }],
  ])('opens %s', async (_, payload, expected) => {
    await server.deadLetters('live', [letter('a', 1000, 'before'), letter('b', 1000, payload)]);
    const { status, body } = await get('/b');
    expect(status).toBe(200);
    expect(body).toEqual(expect.objectContaining({ id: 'b', payload: expected }));
  });

  it('takes the original bytes in again and says what became of each event', async () => {
    await server.deadLetters('live', [letter('a', 1000, '[1, 2]')]);
    expect(await post('/a/retry')).toEqual({
      status: 200,
      body: {
        id: 'a',
        events: [
          { event: 'a', accepted: true, detail: '' },
          { event: '#2', accepted: false, detail: 'prediction.latency_ms: -1 is negative' },
        ],
      },
    });
    expect(taken).toEqual([{ environment: 'live', encoding: 'json', payload: '[1, 2]' }]);
  });

  it('says why a letter cannot be opened or tried again', async () => {
    const row = { ...letter('row', 1000, 'x'), encoding: 'row', origin: 'join', reason: DeadLetterReason.POISON };
    await server.deadLetters('live', [letter('foreign', 1000, 'x'), row]);
    const answers = [await get('/none'), await get('/foreign'), await post('/row/retry'), await get('?before=none')];
    expect(answers.map(({ status, body }) => [status, body['message']])).toEqual([
      [404, 'environment live has no dead letter "none"'],
      [409, `dead letter foreign cannot be opened: it was sealed with another key than this installation's`],
      [
        409,
        'dead letter row is a row that join could not apply, not what a producer sent: ' +
          'it cannot be taken in again; send the event anew once the cause is mended',
      ],
      [404, 'before: no dead letter "none" is known any more; list them from the start'],
    ]);
    expect(taken).toEqual([]);
  });

  it.each(['0', '-1', '1.5', 'many', '1001'])('refuses a page of %s letters', async (limit) => {
    const { status, body } = await get(`?limit=${limit}`);
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
    ['a', 'b', 'a', 'c'].forEach((id, offset) =>
      fold.take(create(DeadLetterSchema, letter(id, offset, '')), at, { offset, index: 0 }),
    );
    expect(fold.page(10, null)?.deadLetters.map(({ id }) => id)).toEqual(['c', 'a']);
    expect(fold.get('b')).toBeNull();
  });
});

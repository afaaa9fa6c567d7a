import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DeadLetterReason } from '@moola/contracts/gen/moola/v1/dead_letters_pb';
import { deadLetter, type LetterContent } from '@moola/platform/dead-letters/letters';
import { ConsoleServer, testKey } from '@moola/standalone/testing/console-server';
import { moola } from '../../testing/moola.js';

const at = Date.UTC(2026, 0, 31, 12, 0);
const letter = (content: Partial<LetterContent>) =>
  deadLetter(testKey, {
    ...{ atMs: at, origin: 'http', reason: DeadLetterReason.MALFORMED, encoding: 'json' },
    ...{ detail: 'no JSON at line 1', original: Buffer.from('{"id": \n') },
    ...content,
  });

const broken = letter({});
const negative = letter({
  ...{ atMs: at + 60_000, reason: DeadLetterReason.INVALID_FIELD, encoding: 'protobuf' },
  detail: `prediction.latency_ms: -1 is negative, it must be 0 or more ${'(and so on) '.repeat(5)}`,
  original: Buffer.alloc(1500, 0xff),
});

describe('moola dead-letters', () => {
  let server: ConsoleServer;
  const deadLetters = (...words: string[]) =>
    moola(['dead-letters', ...words, '--server', server.url, '--token', 'a-token-of-enough-length']);

  beforeAll(async () => {
    server = await ConsoleServer.start({
      ...{ environments: ['live', 'example'], token: 'a-token-of-enough-length' },
      retry: async (_environment, { encoding }) => [
        { event: 'e1', accepted: true, detail: '' },
        ...(encoding === 'json' ? [] : [{ event: '#2', accepted: false, detail: 'latency_ms: -1 is negative' }]),
      ],
    });
    await server.deadLetters('live', [broken, broken, negative]);
  });
  afterAll(() => server.close());

  it('list says why each was refused, the newest first', async () => {
    expect(await deadLetters('list')).toEqual({
      ...{ exitCode: 0, stderr: '' },
      stdout: [
        'ID                                TIME (UTC)        TIMES  ORIGIN  REASON         ENCODING    SIZE  DETAIL',
        `${negative.id}  2026-01-31 12:01      1  http    invalid-field  protobuf  1.5 kB  prediction.latency_ms: -1 is negative, it must be 0 or more (and so on) (and so…`,
        `${broken.id}  2026-01-31 12:00      2  http    malformed      json         8 B  no JSON at line 1`,
        '',
      ].join('\n'),
    });
  });

  it('list says how to see more', async () => {
    const first = await deadLetters('list', '--limit', '1');
    expect(first.stderr).toBe(`2 dead letters in all; the next page: --before ${negative.id}\n`);
    const second = await deadLetters('list', '--limit', '1', '--before', negative.id, '--json');
    expect(JSON.parse(second.stdout)).toMatchObject({ total: 2, deadLetters: [{ id: broken.id }], next: null });
  });

  it('list of none says so', async () => {
    expect((await deadLetters('list', '--environment', 'example')).stdout).toBe(
      'no dead letters in environment example\n',
    );
  });

  it('show opens the original', async () => {
    expect((await deadLetters('show', broken.id)).stdout).toBe(
      [
        `id        ${broken.id}`,
        'time      2026-01-31 12:00 UTC',
        'times     2',
        'origin    http',
        'reason    malformed',
        'detail    no JSON at line 1',
        'encoding  json',
        'size      8 B',
        '',
        '{"id":',
        '',
      ].join('\n'),
    );
    expect((await deadLetters('show', broken.id, '--raw')).stdout).toBe('{"id": \n');
    expect(JSON.parse((await deadLetters('show', negative.id, '--json')).stdout)).toMatchObject({
      ...{ id: negative.id, size: 1500 },
      payload: { base64: Buffer.alloc(1500, 0xff).toString('base64') },
    });
  });

  it('show names what there is not', async () => {
    expect(await deadLetters('show', 'none')).toEqual({
      ...{ exitCode: 1, stdout: '' },
      stderr: 'moola: environment live has no dead letter "none"\n',
    });
  });

  it('retry tells what became of each event', async () => {
    expect(await deadLetters('retry', broken.id)).toEqual({
      ...{ exitCode: 0, stderr: '' },
      stdout: 'EVENT  RESULT    DETAIL\ne1     accepted\n',
    });
    expect(await deadLetters('retry', negative.id)).toEqual({
      exitCode: 1,
      stdout: 'EVENT  RESULT    DETAIL\ne1     accepted\n#2     refused   latency_ms: -1 is negative\n',
      stderr: 'moola: 1 of 2 events refused again\n',
    });
  });
});

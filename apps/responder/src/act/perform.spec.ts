import { create } from '@bufbuild/protobuf';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ActionIntentSchema, ActionOutcome } from '@moola/contracts/gen/moola/v1/actions_pb';
import { CountingRegistry, type Misbehaviour, type RegistryCall } from '../testing/counting-registry.js';
import { perform } from './perform.js';
import { RegistryClient } from './registry-client.js';

let registry: CountingRegistry;
afterEach(() => registry.close());

/** @param tags number → tag; empty for a version without one */
async function served(at: string, tags: Readonly<Record<string, string>>, pageSize?: number): Promise<RegistryClient> {
  registry = await CountingRegistry.start(at, tags, pageSize);
  return new RegistryClient({ baseUrl: registry.address, timeoutMs: 10_000 });
}

const intent = create(ActionIntentSchema, {
  atMs: 1_000_000,
  incident: 'LSTM~AccuracyDrop~1',
  step: 1,
  attempt: 1,
  model: 'LSTM',
  expiresAfterMs: 60_000,
  kind: { case: 'moveAlias', value: { registeredModel: 'LSTM', alias: 'champion', from: 'v2', to: 'v1' } },
});
const signal = new AbortController().signal;
const dependencies = (registry: RegistryClient | null, nowMs = 1_000_000) => ({
  registry,
  nowMs: () => nowMs,
  readBackAfterMs: [],
});

const moved = (client: RegistryClient | null, nowMs?: number) => perform(dependencies(client, nowMs), intent, signal);
/** v2 serves as number 7, v1 is number 4; number 1 is something else. */
const TAGGED = { '7': 'v2', '4': 'v1', '1': 'v0' };

describe('an action', () => {
  it('moves the alias of a registry that counts its versions, by their tags', async () => {
    const result = await moved(await served('7', TAGGED));
    expect(result).toMatchObject({ incident: 'LSTM~AccuracyDrop~1', step: 1, attempt: 1, intentAtMs: 1_000_000 });
    expect([result.outcome, result.detail]).toEqual([ActionOutcome.DONE, 'LSTM@champion moved from v2 to v1']);
    expect(registry.written).toEqual(['4']);
  });

  it('reads every page of the versions before it writes', async () => {
    expect((await moved(await served('7', TAGGED, 1))).outcome).toBe(ActionOutcome.DONE);
    expect(registry.written).toEqual(['4']);
    expect(registry.calls).toEqual([
      'read alias',
      ...['search', 'search', 'search'],
      'get version',
      'write alias',
      'read alias',
    ]);
  });

  it('takes the number in the version’s name where no version has its tag and that number has none', async () => {
    expect((await moved(await served('2', { '1': '', '2': '' }))).outcome).toBe(ActionOutcome.DONE);
    expect(registry.written).toEqual(['1']);
  });

  it('prefers a tag to a number, wherever it stands', async () => {
    await moved(await served('2', { '1': '', '2': '', '9': 'v1' }, 1));
    expect(registry.written).toEqual(['9']);
  });

  it.each<[why: string, at: string, tags: Record<string, string>, detail: string]>([
    ['the alias is at a version with another tag', '2', { '1': '', '2': 'v9' }, 'points at v9 (version 2), not at v2'],
    ['the alias is at another number', '3', { '1': '', '2': '', '3': '' }, 'points at 3, not at v2'],
    ['the target’s number has another tag', '2', { '1': 'v8', '2': '' }, 'and its version 1 is tagged v8'],
    ['the target does not exist', '2', { '2': '' }, 'none of its versions has the tag moola.version = v1'],
    [
      'two versions have the target’s tag',
      '2',
      { '2': '', '5': 'v1', '6': 'v1' },
      'its versions 5, 6 all have the tag',
    ],
    ['nothing is called as what serves', '7', { '1': '', '7': '' }, 'which version of LSTM is v2 is not known'],
  ])('leaves the alias alone for good when %s', async (_, at, tags, detail) => {
    const result = await moved(await served(at, tags));
    expect([result.outcome, registry.written]).toEqual([ActionOutcome.FAILED, []]);
    expect(result.detail).toContain(detail);
  });

  it('is done when the alias points at the target by its tag already', async () => {
    expect(await moved(await served('4', TAGGED))).toMatchObject({
      outcome: ActionOutcome.DONE,
      detail: 'LSTM@champion points at v1 already',
    });
    expect(registry.written).toEqual([]);
  });

  it('is answered expired when it is taken up too late, and touches nothing', async () => {
    const result = await moved(await served('2', { '1': '', '2': '' }), 1_060_001);
    expect([result.outcome, registry.calls]).toEqual([ActionOutcome.EXPIRED, []]);
  });

  it('fails where no registry is configured, and says which setting is missing', async () => {
    const result = await moved(null);
    expect([result.outcome, result.detail]).toEqual([
      ActionOutcome.FAILED,
      'this process has no registry: set MOOLA_REGISTRY_URL',
    ]);
  });

  it('gives no result when it is told to stop', async () => {
    const stopped = AbortSignal.abort(new Error('the task left'));
    const client = await served('2', { '1': '', '2': '' });
    await expect(perform(dependencies(client), intent, stopped)).rejects.toThrow('the task left');
  });
});

const withoutTags = (body: Record<string, unknown>) => ({
  model_version: { ...(body['model_version'] as object), tags: undefined },
});
const searchWithoutTags = (body: Record<string, unknown>) => ({
  model_versions: (body['model_versions'] as object[]).map((version) => ({ ...version, tags: undefined })),
});
const page = (...numbers: string[]) => ({ model_versions: numbers.map((version) => ({ name: 'LSTM', version })) });
type Case = [call: RegistryCall, what: string, how: Misbehaviour, says: string];
const LOOK_UPS = ['read alias', 'search', 'get version'] as const;
const FAILURES: readonly [what: string, how: Misbehaviour, says: string][] = [
  ['503', { status: 503, body: 'try again later' }, 'the registry answered 503: try again later'],
  ['400', { status: 400, body: '{"error_code":"BAD_REQUEST","message":"no"}' }, '400 BAD_REQUEST: no'],
  ['401', { status: 401, body: 'who are you' }, '401: who are you'],
  ['404 of a proxy', { status: 404, body: '<html>alias not found</html>' }, '404: <html>'],
  ['429', { status: 429, body: 'slow down' }, '429: slow down'],
  ['a page of a proxy', { status: 200, body: '<html>' }, 'answered with'],
  ['nothing', { status: 200, body: '' }, 'answered with'],
  ['something else', { status: 200, body: '[]' }, 'answered with'],
];

describe('a registry that does not tell for certain', () => {
  const cases: Case[] = [
    ...LOOK_UPS.flatMap((call) => FAILURES.map(([what, how, says]) => [call, what, how, says] as Case)),
    ['search', 'no versions', () => ({}), 'version 7, where it points, is missing'],
    ['search', 'an empty page with a token', () => ({ next_page_token: 'more' }), 'the same page token again'],
    ['search', 'pages without an end', endless, 'more than 500 pages'],
    ['search', 'a part of the versions', () => page('1', '4'), 'version 7, where it points, is missing'],
    ['search', 'versions without tags', searchWithoutTags, 'two answers disagree on version 7'],
    [
      'search',
      'versions without names',
      () => ({ model_versions: [{ version: '7' }] }),
      'something else than versions',
    ],
    ['search', 'tags that are no list', () => ({ model_versions: [{ name: 'LSTM', version: '7', tags: {} }] }), 'else'],
    ['search', 'a token that is none', () => ({ ...page('7'), next_page_token: 3 }), 'something else than versions'],
    ['get version', 'the target without its tag', withoutTags, 'two answers disagree on version 4'],
    ['get version', 'another version', () => ({ model_version: { name: 'LSTM', version: '3' } }), 'without version 4'],
  ];

  it.each(cases)('(%s: %s) is asked again later, with nothing moved and nobody blamed', async (call, _, how, says) => {
    const client = await served('7', TAGGED);
    registry.misbehave(call, how);
    const result = await moved(client);
    expect([result.outcome, registry.written]).toEqual([ActionOutcome.RETRYABLE, []]);
    expect(result.detail).toContain('LSTM@champion was not moved: ');
    expect(result.detail).toContain(says);
    expect(result.detail).not.toContain('somebody else');
    registry.behave();
    expect([(await moved(client)).outcome, registry.written]).toEqual([ActionOutcome.DONE, ['4']]);
  });

  it('is asked again within the attempt, and moves the alias when it tells at last', async () => {
    const client = await served('7', TAGGED);
    registry.misbehave(
      'search',
      { status: 503, body: '' },
      () => page('4'),
      (body) => body,
    );
    const result = await perform({ ...dependencies(client), readBackAfterMs: [1, 1] }, intent, signal);
    expect([result.outcome, registry.written]).toEqual([ActionOutcome.DONE, ['4']]);
  });

  it('does not take an alias without tags for another version', async () => {
    const client = await served('7', TAGGED);
    registry.misbehave('read alias', withoutTags);
    expect([(await moved(client)).outcome, registry.written]).toEqual([ActionOutcome.DONE, ['4']]);
  });

  it('follows a token behind an empty page', async () => {
    const client = await served('7', TAGGED, 1);
    registry.misbehave(
      'search',
      () => ({ next_page_token: '0' }),
      (body) => body,
    );
    expect([(await moved(client)).outcome, registry.written]).toEqual([ActionOutcome.DONE, ['4']]);
  });

  it.each([408, 429])('has moved nothing when it answers %i to the write', async (status) => {
    const client = await served('7', TAGGED);
    registry.misbehave('write alias', { status, body: 'later' });
    expect([(await moved(client)).outcome, registry.written]).toEqual([ActionOutcome.RETRYABLE, []]);
  });
});

function endless(_: Record<string, unknown>, query: URLSearchParams): unknown {
  return { ...page('7'), next_page_token: `${Number(query.get('page_token') ?? '0') + 1}` };
}

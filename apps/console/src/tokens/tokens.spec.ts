import { afterEach, describe, expect, it } from '@jest/globals';
import { topics } from '@moola/contracts/topics';
import { eventually } from '@moola/streams/testing/eventually';
import { ConsoleServer } from '../testing/console-server.js';
import { EventStream } from '../testing/event-stream.js';
import { minute } from '../testing/facts.js';
import { incident, incidentStory } from '../testing/incident-facts.js';
import type { CreatedTokenView } from './views.js';

const configured = 'a-token-of-enough-length';
const body = { name: 'maria', role: 'operator', environments: null, expiresAtMs: null };

describe('the API of tokens', () => {
  let server: ConsoleServer;
  let nowMs = Date.UTC(2026, 0, 1);
  const ask = async (method: string, path: string, token: string | null = configured, sent?: unknown) => {
    const response = await fetch(`${server.url}/api/v1/${path}`, {
      method,
      headers: {
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...(sent !== undefined && { 'content-type': 'application/json' }),
      },
      ...(sent !== undefined && { body: JSON.stringify(sent) }),
    });
    return {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as Record<string, unknown>,
    };
  };
  const create = async (more: object = {}): Promise<CreatedTokenView> => {
    const answer = await ask('POST', 'tokens', configured, { ...body, ...more });
    expect(answer.status).toBe(201);
    return answer.body as unknown as CreatedTokenView;
  };
  const start = async (token: string | undefined = configured) => {
    nowMs = Date.UTC(2026, 0, 1);
    const feed = { everyMs: 5, heartbeatMs: 20 };
    server = await ConsoleServer.start({
      ...{ environments: ['live', 'example'], feed, nowMs: () => nowMs },
      ...(token !== undefined && { token }),
    });
  };
  afterEach(() => server.close());

  it('makes a token, whose text is said once, and lists it with who made it', async () => {
    await start();
    const { token, ...view } = await create({ environments: ['live'], expiresAtMs: nowMs + minute });
    expect(token.startsWith(`moola_${view.id}_`)).toBe(true);
    expect(view).toEqual({
      ...{ id: view.id, prefix: `moola_${view.id}`, name: 'maria', role: 'operator', environments: ['live'] },
      ...{ state: 'in force', createdAtMs: nowMs, createdBy: 'MOOLA_TOKEN', expiresAtMs: nowMs + minute },
      ...{ revokedAtMs: null, revokedBy: '' },
    });
    expect((await ask('GET', 'tokens')).body).toEqual([view]);
    nowMs += minute;
    expect((await ask('GET', 'tokens')).body).toEqual([{ ...view, state: 'expired' }]);
  });

  it('says to each what they may do', async () => {
    await start();
    const { token } = await create({ environments: ['live'] });
    expect((await ask('GET', 'me', token)).body).toEqual({
      ...{ authenticated: true, name: 'maria', role: 'operator', may: ['viewer', 'operator'] },
      ...{ environments: ['live'], expiresAtMs: null },
    });
    expect((await ask('GET', 'me')).body).toMatchObject({ name: 'MOOLA_TOKEN', role: 'admin', environments: null });
  });

  it('revokes a token, at once and for good, with who did it', async () => {
    await start();
    const admin = await create({ name: 'ada', role: 'admin' });
    const { id, token } = await create();
    expect((await ask('GET', 'environments', token)).status).toBe(200);
    const revoked = { id, state: 'revoked', revokedBy: 'ada', revokedAtMs: nowMs };
    expect(await ask('DELETE', `tokens/${id}`, admin.token)).toMatchObject({ status: 200, body: revoked });
    const refused = await ask('GET', 'environments', token);
    expect(refused).toMatchObject({
      status: 401,
      body: { message: expect.stringContaining('was revoked on 2026-01-01') },
    });
    expect(refused.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
    expect(await ask('DELETE', `tokens/${id}`)).toMatchObject({ status: 200, body: revoked });
    expect(await ask('DELETE', 'tokens/nobody')).toMatchObject({
      ...{ status: 404, body: { message: 'there is no token "nobody"' } },
    });
  });

  it.each([
    [{ name: '' }, 'name: must be 1 to 64 letters'],
    [{ name: '-x' }, 'name: must be 1 to 64 letters'],
    [{ name: 'a b' }, 'name: must be 1 to 64 letters'],
    [{ name: 'x'.repeat(65) }, 'name: must be 1 to 64 letters'],
    [{ name: 'MOOLA_TOKEN' }, 'name: is what the bearer of MOOLA_TOKEN is called'],
    [{ name: undefined }, 'name: Invalid input'],
    [{ role: 'root' }, 'role: Invalid option: expected one of "viewer"|"operator"|"admin"|"ingest"'],
    [{ environments: [] }, 'environments: Too small'],
    [{ environments: ['staging'] }, 'environments: there is no environment "staging"; there are live, example'],
    [{ expiresAtMs: 0 }, 'expiresAtMs: 0 is no time to come'],
    [{ expiresAtMs: 1e300 }, 'expiresAtMs: 1e+300 is no time to come'],
    [{ expiresAtMs: '90d' }, 'expiresAtMs: Invalid input: expected number'],
    [{ expiresAtMs: undefined }, 'expiresAtMs: Invalid input'],
    [{ hash: 'x' }, 'the body: Unrecognized key: "hash"'],
  ])('refuses %j', async (wrong, message) => {
    await start();
    const answer = await ask('POST', 'tokens', configured, { ...body, ...wrong });
    expect(answer.status).toBe(400);
    expect([answer.body['message']].flat().join('\n')).toContain(message);
    expect((await ask('GET', 'tokens')).body).toEqual([]);
  });

  it.each([
    ['GET', 'tokens'],
    ['POST', 'tokens'],
    ['DELETE', 'tokens/x'],
  ])('says of %s %s where nobody is asked for a token that it would mean nothing', async (method, path) => {
    server = await ConsoleServer.start({ environments: ['live'] });
    const sent = method === 'POST' ? body : undefined;
    expect(await ask(method, path, null, sent)).toMatchObject({
      ...{ status: 409, body: { message: expect.stringContaining('set MOOLA_TOKEN') } },
    });
    expect((await ask('GET', 'me', null)).body).toMatchObject({ authenticated: false, name: '', role: 'admin' });
  });

  it('names the sender of a command as the token says, and takes no other name', async () => {
    await start();
    await server.facts('live', topics.incidents, incidentStory(0).slice(0, 2), minute);
    const { token } = await create();
    const word = { id: 'command-9', kind: 'acknowledge', incidentNumber: 2 };
    const path = `environments/live/incidents/${incident}/commands`;
    expect(await ask('POST', path, token, { ...word, actor: 'the boss' })).toMatchObject({
      status: 400,
      body: { message: [expect.stringContaining('"the boss" is not taken: this token is known as maria')] },
    });
    expect(await ask('POST', path, token, word)).toMatchObject({
      ...{ status: 202, body: { actor: 'maria', authenticated: true } },
    });
    expect(await ask('POST', path, configured, { ...word, id: 'command-10' })).toMatchObject({
      ...{ status: 202, body: { actor: 'MOOLA_TOKEN', authenticated: true } },
    });
    const commands = (await server.rows('live', topics.signals)).map(({ kind }) => kind.value);
    expect(commands).toMatchObject([
      { id: 'command-9', actor: 'maria', authenticated: true },
      { id: 'command-10', actor: 'MOOLA_TOKEN', authenticated: true },
    ]);
  });

  it('shows of environments, and of their changes, only those that a token is good for', async () => {
    await start();
    const { token } = await create({ role: 'viewer', environments: ['example'] });
    expect((await ask('GET', 'environments', token)).body).toMatchObject([{ environment: 'example' }]);
    const stream = await EventStream.open(`${server.url}/api/v1/changes`, { authorization: `Bearer ${token}` });
    await server.facts('live', topics.incidents, incidentStory(0).slice(0, 2), minute);
    await server.facts('example', topics.incidents, incidentStory(0).slice(0, 2), minute);
    const seen = new Set<unknown>();
    await stream.until(({ type, data }) => {
      seen.add((data as { environment: string }).environment);
      return type === 'change';
    });
    expect([...seen]).toEqual(['example']);
    stream.close();
  });

  it.each(['revoked', 'expired'])('ends the stream of changes when its token has been %s', async (how) => {
    await start();
    const { id, token } = await create({ role: 'viewer', expiresAtMs: nowMs + minute });
    const stream = await EventStream.open(`${server.url}/api/v1/changes`, { authorization: `Bearer ${token}` });
    await stream.next();
    if (how === 'revoked') await ask('DELETE', `tokens/${id}`);
    else nowMs += minute;
    let isEnded = false;
    const ending = stream.until(() => false).catch(() => (isEnded = true));
    await eventually('it has ended', () => isEnded);
    await ending;
    expect((await ask('GET', 'environments', token)).status).toBe(401);
  });
});

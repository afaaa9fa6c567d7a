import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { notifierSettings } from '@moola/notifier/notifier-settings';
import { readChannels } from '@moola/notifier/send/channel-settings';
import { routeTable, type RouteAccess } from '@moola/platform/access/route-access';
import { ApiTokens, type NewToken } from '@moola/platform/auth/api-tokens/api-tokens';
import { roles, type Role } from '@moola/platform/auth/role';
import { installationKey } from '@moola/platform/dead-letters/installation-key';
import { createLogger } from '@moola/platform/logging/logger';
import { processSettings } from '@moola/platform/settings/process-settings';
import { readSettings } from '@moola/platform/settings/settings';
import { temporaryFolder } from '@moola/streams/adapters/embedded/temporary-folder';
import { eventually } from '@moola/streams/testing/eventually';
import { systemClock } from '@moola/streams/adapters/system-clock';
import { startInstallation, type Installation } from '../process/installation.js';

const configured = 'a-token-of-enough-length';

/** Who may ask what asks for a role: written out, so that the table of routes is held to it. */
const allowed: Readonly<Record<RouteAccess['role'], readonly Role[]>> = {
  anyone: roles,
  'any role': roles,
  viewer: ['viewer', 'operator', 'admin'],
  operator: ['operator', 'admin'],
  admin: ['admin'],
  ingest: ['ingest', 'admin'],
};

/** A standalone process serves every route that there is. */
describe('every route', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let installation: Installation;
  /** The texts of tokens, by who carries them. */
  const tokens = new Map<string, string | null>([
    ['nobody', null],
    ['a stranger', 'a-token-of-enough-lengtH'],
    ['MOOLA_TOKEN', configured],
  ]);

  const ask = async ({ method, path }: RouteAccess, carrier: string): Promise<{ status: number; message: string }> => {
    const stop = new AbortController();
    const token = tokens.get(carrier);
    if (token === undefined) throw new Error(`there is no token of ${carrier}`);
    const filled = path.replace(':environment', 'live').replace(/:\w+/g, 'x');
    const response = await fetch(installation.address + filled, {
      ...{ method, signal: stop.signal },
      headers: {
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...(method !== 'GET' && { 'content-type': 'application/json' }),
      },
      ...(method !== 'GET' && { body: '{}' }),
    });
    const { status } = response;
    // A stream of changes never ends.
    const isRefused = status === 401 || status === 403;
    const message = isRefused ? ((await response.json()) as { message: string }).message : '';
    stop.abort();
    return { status, message };
  };
  const create = async (body: NewToken): Promise<{ id: string; token: string }> => {
    const response = await fetch(`${installation.address}/api/v1/tokens`, {
      ...{ method: 'POST', body: JSON.stringify(body) },
      headers: { authorization: `Bearer ${configured}`, 'content-type': 'application/json' },
    });
    expect(response.status).toBe(201);
    return (await response.json()) as { id: string; token: string };
  };

  beforeAll(async () => {
    folder = await temporaryFolder();
    const read = readSettings({ ...processSettings, ...notifierSettings }, { MOOLA_TOKEN: configured }, () => '');
    const channels = readChannels({ environment: {}, readFile: () => '' });
    if (!read.ok || !channels.ok) throw new Error('the settings of the test are wrong');
    installation = await startInstallation({
      ...{ settings: read.settings, folder: folder.path, port: 0, begin: 'anew', replayEnvironment: 'example' },
      channels: channels.open({ clock: systemClock }),
      stdout: new Writable({ write: (_chunk, _encoding, done) => done() }),
      logger: createLogger('silent', 'test'),
    });
    const always = { environments: null, expiresAtMs: null };
    for (const role of roles) {
      tokens.set(role, (await create({ ...always, name: role, role })).token);
      const limited = await create({ ...always, name: `${role}-example`, role, environments: ['example'] });
      tokens.set(`${role} of example`, limited.token);
      const own = await create({ ...always, name: `${role}-live`, role, environments: ['live'] });
      tokens.set(`${role} of live`, own.token);
    }
    const revoked = await create({ ...always, name: 'gone', role: 'admin' });
    tokens.set('revoked', revoked.token);
    const end = await fetch(`${installation.address}/api/v1/tokens/${revoked.id}`, {
      ...{ method: 'DELETE', headers: { authorization: `Bearer ${configured}` } },
    });
    expect(end.status).toBe(200);
    // One that another process made long ago.
    const key = await installationKey(folder.path, undefined);
    const before = new ApiTokens({ log: installation.data.log, key, clock: { nowMs: () => 0 } });
    const old = await before.create({ name: 'old', role: 'admin', environments: null, expiresAtMs: 86_400_000 }, 'ada');
    tokens.set('expired', old.text);
    const me = routeTable.find(({ path }) => path === '/api/v1/me');
    await eventually('it is known', async () => (await ask(me!, 'expired')).message.includes('expired'));
  }, 300_000);
  afterAll(async () => {
    await installation?.close();
    await folder?.remove();
  }, 300_000);

  it('that is served stands in the table, and every line of the table is served', () => {
    const served = installation.routes.filter((route) => !route.startsWith('HEAD '));
    expect(routeTable.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([...served].sort());
  });

  describe.each(routeTable.map((access) => [`${access.method} ${access.path}`, access] as const))('%s', (_, access) => {
    const isOpen = access.role === 'anyone';

    it.each(['nobody', 'a stranger', 'expired', 'revoked'])('is refused to %s, unless it is open', async (carrier) => {
      const { status, message } = await ask(access, carrier);
      if (isOpen) return expect([401, 403]).not.toContain(status);
      expect(status).toBe(401);
      const says = { nobody: 'needs the header', 'a stranger': 'needs the header' }[carrier] ?? carrier;
      expect(message).toContain(says);
    });

    it.each(roles)('answers the role %s as the table says', async (role) => {
      const { status } = await ask(access, role);
      if (allowed[access.role].includes(role)) expect([401, 403]).not.toContain(status);
      else expect(status).toBe(403);
    });

    it('answers MOOLA_TOKEN', async () => {
      expect([401, 403]).not.toContain((await ask(access, 'MOOLA_TOKEN')).status);
    });

    it.each(roles)('answers the role %s of some environments in those alone', async (role) => {
      const may = allowed[access.role].includes(role);
      const everywhere = may && ['none', 'answers those'].includes(access.environment);
      const inOwn = may && access.environment !== 'all';
      const { status: elsewhere, message } = await ask(access, `${role} of example`);
      if (isOpen || everywhere) expect([401, 403]).not.toContain(elsewhere);
      else expect(elsewhere).toBe(403);
      if (may && !isOpen && !everywhere) expect(message).toContain('is good for example only');
      const { status: own } = await ask(access, `${role} of live`);
      if (isOpen || inOwn) expect([401, 403]).not.toContain(own);
      else expect(own).toBe(403);
    });
  });
});

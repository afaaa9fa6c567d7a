import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { startRedis, type RedisOptions, type RedisServer } from '@moola/testbed/redis';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { administrationCommands, aclRule } from './permissions.js';
import { openRedisAdministration } from './administration.js';
import type { RedisNotice } from './notices.js';
import { changes, Opened, plain, rejection, settingsFor } from './redis-under-test.js';
import { neededCommands } from './scripts.js';
import type { RedisSettings } from './settings.js';

describe('access to a Redis', () => {
  let opened: Opened;
  const started = async (options: RedisOptions = {}): Promise<RedisServer> => {
    const server = await startRedis(options);
    opened.closedBy(() => server.stop());
    return server;
  };
  /** That a store does its work with these settings. */
  const works = async (settings: RedisSettings) => {
    const store = await opened.store(settings);
    await store.acquire('task', 'one');
    const save = { token: 'one', buildsOn: 0, position: 1, changes: changes({ a: 'A', gone: null }) };
    expect(await store.save('task', save)).toEqual({ saved: true, sequence: 1 });
    expect(await store.owns('task', 'one')).toBe(true);
    expect(plain(await store.acquire('task', 'two'))?.entries).toEqual({ a: 'A' });
  };

  beforeEach(() => {
    opened = new Opened();
  });
  afterEach(() => opened.close());

  describe('as a user', () => {
    const user = { username: 'moola', password: 'secret:@/word' };

    it('needs exactly what is documented: the error names each command that is missing, and the rule', async () => {
      const server = await started();
      const client = opened.client(server.url);
      const settings = settingsFor(server.url, user);
      const rule = aclRule(settings).split(' ');
      await client.acl('SETUSER', 'moola', `>${user.password}`, ...rule);
      await works(settings);
      // ioredis warns by itself when it may not ask for INFO.
      const warned = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
      opened.closedBy(async () => warned.mockRestore());
      for (const command of neededCommands) {
        await client.acl('SETUSER', 'moola', `-${command}`);
        const error = (await rejection(opened.store(settings))) as Error;
        expect(error).toMatchObject({ name: 'RedisStoreError', problem: 'permission' });
        expect(error.message).toBe(
          `Redis at 127.0.0.1:${server.port}: the user lacks the commands ${command}; allow it: ACL SETUSER <user> ${aclRule(settings)}`,
        );
        await client.acl('SETUSER', 'moola', `+${command}`);
      }
      await client.acl('SETUSER', 'moola', 'resetkeys', '~other:*');
      expect(await rejection(opened.store(settings))).toMatchObject({
        problem: 'permission',
        message: expect.stringContaining(`the user lacks the keys ${settings.keyPrefix}*`),
      });
    });

    it('administers with two commands more', async () => {
      const server = await started();
      const client = opened.client(server.url);
      const settings = settingsFor(server.url, user);
      const more = administrationCommands.map((command) => `+${command}`);
      await client.acl('SETUSER', 'moola', `>${user.password}`, ...aclRule(settings).split(' '), ...more);
      await works(settings);
      const administration = await openRedisAdministration(settings, { notices: () => undefined });
      opened.closedBy(() => administration.close());
      expect((await administration.tasks('')).map(({ task }) => task)).toEqual(['task']);
    });

    it('with a wrong password is refused at once, and no secret is in what is thrown', async () => {
      const server = await started();
      await opened.client(server.url).acl('SETUSER', 'moola', '>right', 'on');
      const url = `redis://moola:wr%6Fng-secret@127.0.0.1:${server.port}`;
      for (const settings of [settingsFor(url), settingsFor(server.url, { ...user, password: 'wrong-secret' })]) {
        const error = (await rejection(opened.store(settings))) as Error;
        expect(error).toMatchObject({
          problem: 'password',
          message: `Redis at 127.0.0.1:${server.port}: cannot connect: WRONGPASS invalid username-password pair or user is disabled.; check user name and password`,
        });
        expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('secret');
      }
    });

    it('is asked for by a server that has a password', async () => {
      const server = await started({ config: ['requirepass top-secret'] });
      expect(await rejection(opened.store(settingsFor(server.url)))).toMatchObject({ problem: 'password' });
      await works(settingsFor(`redis://:top-secret@127.0.0.1:${server.port}/3`));
    });

    it('that loses a permission later hears of it at the command that needs it', async () => {
      const server = await started();
      const client = opened.client(server.url);
      const settings = settingsFor(server.url, user);
      await client.acl('SETUSER', 'moola', `>${user.password}`, ...aclRule(settings).split(' '));
      const store = await opened.store(settings);
      await client.acl('SETUSER', 'moola', '-hget');
      expect(await rejection(store.owns('task', 'one'))).toMatchObject({
        problem: 'permission',
        message: expect.stringContaining("'hget'"),
      });
    });
  });

  describe('by TLS', () => {
    let folder: string;
    const openssl = (...args: readonly string[]) => {
      const { status, stderr } = spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' });
      if (status !== 0) throw new Error(stderr);
    };
    const file = (name: string) => readFileSync(join(folder, name), 'utf8');
    /** `name.crt` and `name.key`, by our own authority. */
    const certify = (name: string, more: readonly string[]) => {
      const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
      openssl('req', ...key, '-keyout', `${name}.key`, '-x509', '-out', `${name}.crt`, '-days', '2', ...more);
    };

    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'moola-tls-'));
      opened.closedBy(async () => rmSync(folder, { recursive: true }));
      certify('ca', ['-subj', '/CN=our authority']);
      for (const name of ['server', 'client']) {
        const byCa = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-addext', 'subjectAltName=IP:127.0.0.1'];
        certify(name, ['-subj', `/CN=${name}`, ...byCa, '-addext', 'basicConstraints=critical,CA:FALSE']);
      }
    });
    const withTls = async () => {
      const [cert, key, ca] = ['server.crt', 'server.key', 'ca.crt'].map((name) => join(folder, name));
      const files = [`tls-cert-file ${cert}`, `tls-key-file ${key}`, `tls-ca-cert-file ${ca}`];
      return started({ config: ({ secondPort }) => [...files, `tls-port ${secondPort}`] });
    };

    it('works with certificates on both sides', async () => {
      const { secondPort } = await withTls();
      const tls = { ca: file('ca.crt'), cert: file('client.crt'), key: file('client.key') };
      await works(settingsFor(`rediss://127.0.0.1:${secondPort}`, { tls }));
    });

    it('refuses a server that an authority of ours has not certified, and says why', async () => {
      const { secondPort } = await withTls();
      const settings = settingsFor(`rediss://127.0.0.1:${secondPort}`, { connectTimeoutMs: 300 });
      expect(await rejection(opened.store(settings))).toMatchObject({
        problem: 'unreachable',
        message: expect.stringMatching(/self.signed certificate.*check that the server speaks TLS/),
      });
    });

    it('is not had without a certificate where the server wants one', async () => {
      const { secondPort } = await withTls();
      const settings = settingsFor(`rediss://127.0.0.1:${secondPort}`, {
        ...{ tls: { ca: file('ca.crt') }, connectTimeoutMs: 500 },
      });
      expect(await rejection(opened.store(settings))).toMatchObject({
        problem: 'unreachable',
        message: expect.stringMatching(/certificate required/),
      });
    });
  });

  describe('that cannot work', () => {
    it('is named: nobody listens', async () => {
      const server = await started();
      await server.kill();
      const error = await rejection(opened.store(settingsFor(server.url, { connectTimeoutMs: 200 })));
      expect((error as Error).message).toBe(
        `Redis at 127.0.0.1:${server.port}: cannot connect: connect ECONNREFUSED 127.0.0.1:${server.port}; ` +
          'check that the server runs and that its address is right',
      );
    });

    it('is named: a name that is none', async () => {
      const settings = settingsFor('redis://no-such-host.invalid', { connectTimeoutMs: 500 });
      expect(await rejection(opened.store(settings))).toMatchObject({
        problem: 'unreachable',
        message: expect.stringContaining('no-such-host.invalid:6379'),
      });
    });

    it('is named: a replica', async () => {
      const [master, replica] = [await started(), await started()];
      await opened.client(replica.url).replicaof('127.0.0.1', master.port);
      expect(await rejection(opened.store(settingsFor(replica.url)))).toMatchObject({
        problem: 'read-only',
        message: expect.stringContaining('give the address of the master'),
      });
    });

    it('is named: no memory left, and that nothing was written', async () => {
      const server = await started({ config: ['maxmemory 1'] });
      expect(await rejection(opened.store(settingsFor(server.url)))).toMatchObject({
        problem: 'full',
        message: expect.stringContaining('nothing was written'),
      });
    });

    it('is waited for while it is not there yet', async () => {
      const server = await started();
      await server.kill();
      const opening = opened.store(settingsFor(server.url, { connectTimeoutMs: 30_000 }));
      await server.restart();
      expect(await (await opening).owns('task', 'one')).toBe(false);
    });
  });

  it('gives notice of a policy that evicts, and of a missing append-only file', async () => {
    const notices: RedisNotice[] = [];
    const server = await started({ config: ['maxmemory-policy allkeys-lru', 'appendonly no'] });
    await opened.store(settingsFor(server.url), notices);
    expect(notices).toEqual([
      expect.objectContaining({ kind: 'may-evict', policy: 'allkeys-lru' }),
      expect.objectContaining({ kind: 'no-append-only-file' }),
    ]);
    expect(notices[0]?.message).toContain(`127.0.0.1:${server.port}`);
    notices.length = 0;
    await opened.store(settingsFor((await started()).url), notices);
    expect(notices).toEqual([]);
  });
});

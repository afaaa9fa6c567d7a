import { describe, expect, it } from '@jest/globals';
import { addressOf } from './client.js';
import { openRedisStore } from './open-redis-store.js';
import { aclRule } from './permissions.js';
import { settingsProblems, type RedisSettings } from './settings.js';

const single = (url: string): RedisSettings => ({ servers: { kind: 'single', url } });

describe('settings of a Redis', () => {
  it.each<[string, RedisSettings, readonly string[]]>([
    ['a URL', single('redis://user:pass@host:1234/2'), []],
    ['an IPv6 address', single('rediss://[::1]:6379'), []],
    ['a cluster', { servers: { kind: 'cluster', nodes: ['a:1', '[::1]:2'] } }, []],
    [
      'what is no URL',
      single('localhost'),
      ['servers.url is no URL: it must look like redis://[user[:password]@]host[:port][/database]'],
    ],
    [
      'another protocol, a path and a query',
      single('http://host/a?secret=1'),
      [
        'servers.url begins with http://: it must be redis:// or, for TLS, rediss://',
        'servers.url ends with a path that is no database number, such as /0',
        'servers.url has a query (?…): give options as settings',
      ],
    ],
    ['no nodes', { servers: { kind: 'cluster', nodes: [] } }, ['servers.nodes is empty: name at least one host:port']],
    [
      'nodes that are none, and no name',
      { servers: { kind: 'sentinel', nodes: ['host', 'host:0', 'ok:1'], masterName: '' } },
      [
        'servers.nodes: "host" is no host:port',
        'servers.nodes: "host:0" is no host:port',
        'servers.masterName is empty: give the name under which the sentinels watch the master',
      ],
    ],
    [
      'numbers out of their bounds',
      { ...single('redis://host'), savesAtOnce: 0, abandonedAfterMs: 10, commandTimeoutMs: 0.5 },
      [
        'commandTimeoutMs is 0.5: it must be a whole number of at least 1',
        'savesAtOnce is 0: it must be a whole number of at least 1',
        'abandonedAfterMs is 10: it must be a whole number of at least 60000',
      ],
    ],
    [
      'a longer wait for replicas than for a command',
      { ...single('redis://host'), replicasToWaitFor: 1, replicaTimeoutMs: 5000 },
      ['replicaTimeoutMs is 5000: it must be less than commandTimeoutMs (5000)'],
    ],
    [
      'a brace, and half of a certificate',
      { ...single('redis://host'), keyPrefix: 'a{', tls: { cert: 'x' } },
      [
        'keyPrefix holds a brace: these mark the hash slot of a key',
        'tls.cert and tls.key come together or not at all',
      ],
    ],
  ])('say all that is wrong with %s', (_name, settings, problems) => {
    expect(settingsProblems(settings)).toEqual(problems);
  });

  it('that are wrong open nothing', async () => {
    const opening = openRedisStore(single('redis://'), { notices: () => undefined });
    await expect(opening).rejects.toMatchObject({
      problem: 'settings',
      message: expect.stringMatching(/^Redis settings: /),
    });
  });

  it('are named in messages without their secrets', () => {
    expect(addressOf(single('redis://user:pass@host/2'))).toBe('host:6379');
    expect(addressOf({ servers: { kind: 'sentinel', nodes: ['a:1', 'b:2'], masterName: 'm', password: 'x' } })).toBe(
      'a:1,b:2 (sentinels of m)',
    );
  });

  it('say what their user must be allowed', () => {
    const base = '-@all +eval +evalsha +hget +hmget +hset +hdel +hlen +hscan +pttl +pexpire +unlink +info';
    expect(aclRule(single('redis://host'))).toBe(`on resetkeys ~moola:* resetchannels ${base}`);
    expect(aclRule({ ...single('redis://host/2'), replicasToWaitFor: 1, keyPrefix: 'our:' })).toBe(
      `on resetkeys ~our:* resetchannels ${base} +select +wait`,
    );
    expect(aclRule({ servers: { kind: 'cluster', nodes: ['a:1'] } })).toBe(
      `on resetkeys ~moola:* resetchannels ${base} +cluster|slots +cluster|info +asking`,
    );
  });
});

import type { RedisServers, RedisSettings } from '@moola/streams/adapters/redis/settings';
import type { DistributedSettings } from './distributed-settings.js';

/** What the settings say of Redis; `distributedProblems` has seen to it that they name exactly one. */
export function redisSettings(settings: DistributedSettings): RedisSettings {
  const { redisUsername: username, redisPassword: password } = settings;
  const { redisTlsCa: ca, redisTlsCert: cert, redisTlsKey: key } = settings;
  const isTls = settings.redisTls || ca !== undefined;
  return {
    servers: servers(settings),
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(isTls ? { tls: { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) } } : {}),
  };
}

function servers({ redisUrl, redisCluster, redisSentinels, redisMaster }: DistributedSettings): RedisServers {
  if (redisCluster !== undefined) return { kind: 'cluster', nodes: redisCluster };
  if (redisSentinels !== undefined) return { kind: 'sentinel', nodes: redisSentinels, masterName: redisMaster };
  return { kind: 'single', url: redisUrl ?? '' };
}

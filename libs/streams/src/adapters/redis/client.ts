import { Cluster, Redis, type ClusterOptions, type RedisOptions } from 'ioredis';
import { databaseOf } from './permissions.js';
import { scripts } from './scripts.js';
import { effectiveSettings, parseNode, type RedisSettings } from './settings.js';

export type RedisClient = Redis | Cluster;

type Options = RedisOptions & { readonly replyMapping: 'legacy' };

/** Wait before a lost connection is tried again, in milliseconds. */
const reconnectAfterMs = (attempt: number): number => Math.min(50 * 2 ** (attempt - 1), 1000);

/** The name of a script among the client's commands. */
export function scriptCommand(name: string): string {
  return `moola:${name}`;
}

/**
 * A client that does not repeat a command by itself. Repeated, a save whose first answer was lost would be answered
 * `fenced`; the task must hear that the answer is missing. So what is in flight when a connection goes is rejected at
 * once, nothing is queued while there is none (the store waits for it before it sends), and the connection comes back
 * in the background.
 *
 * Redirections (MOVED, ASK, TRYAGAIN, CLUSTERDOWN, NOSCRIPT) are followed: the server has then not carried anything out.
 */
export function createClient(settings: RedisSettings): RedisClient {
  const client = clientOf(settings);
  for (const [name, lua] of Object.entries(scripts))
    client.defineCommand(scriptCommand(name), { lua, numberOfKeys: 3 });
  return client;
}

function clientOf(settings: RedisSettings): RedisClient {
  const { servers } = settings;
  const common = commonOptions(settings);
  switch (servers.kind) {
    case 'single': {
      const url = new URL(servers.url);
      return new Redis({
        ...common,
        // A name or an address; a URL puts IPv6 addresses in brackets.
        host: url.hostname.replace(/^\[|\]$/g, ''),
        port: Number(url.port || 6379),
        db: databaseOf(settings),
      });
    }
    case 'sentinel':
      return new Redis({
        ...common,
        sentinels: nodesOf(servers.nodes),
        name: servers.masterName,
        enableTLSForSentinelMode: common.tls !== undefined,
        sentinelRetryStrategy: reconnectAfterMs,
        sentinelCommandTimeout: effectiveSettings(settings).commandTimeoutMs,
        ...(servers.username === undefined ? {} : { sentinelUsername: servers.username }),
        ...(servers.password === undefined ? {} : { sentinelPassword: servers.password }),
      });
    case 'cluster':
      return new Cluster(nodesOf(servers.nodes), clusterOptions(common, settings));
  }
}

function commonOptions(settings: RedisSettings): Options {
  const { connectTimeoutMs, commandTimeoutMs } = effectiveSettings(settings);
  const url = settings.servers.kind === 'single' ? new URL(settings.servers.url) : null;
  const username = settings.username ?? decodeURIComponent(url?.username ?? '');
  const password = settings.password ?? decodeURIComponent(url?.password ?? '');
  const tls = settings.tls ?? (url?.protocol === 'rediss:' ? {} : undefined);
  return {
    lazyConnect: true,
    // What this client needs is the same in both protocols.
    protocol: 2,
    replyMapping: 'legacy',
    connectTimeout: connectTimeoutMs,
    // A connection that has gone silent is taken for lost; by a plain timer, so that a busy process may take its own for it.
    socketTimeout: 4 * commandTimeoutMs,
    // Its timer keeps the process, also when the socket is closed already.
    disconnectTimeout: 100,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    // Without this, ioredis forgets what was in flight instead of rejecting it.
    maxRetriesPerRequest: 0,
    maxLoadingRetryTime: 100,
    disableClientInfo: true,
    retryStrategy: reconnectAfterMs,
    // A master that was made a replica: connect again, to the new master where sentinels know it.
    reconnectOnError: (error) => error.message.includes('READONLY'),
    ...(username === '' ? {} : { username }),
    ...(password === '' ? {} : { password }),
    ...(tls === undefined ? {} : { tls: { ...tls } }),
  };
}

function clusterOptions(redisOptions: Options, settings: RedisSettings): ClusterOptions & { redisOptions: Options } {
  const { connectTimeoutMs } = effectiveSettings(settings);
  return {
    redisOptions,
    lazyConnect: true,
    // Of the moment between two slot maps; without it a node that is just being connected refuses.
    enableOfflineQueue: true,
    // Never send again what was in flight to a node that is gone.
    retryDelayOnFailover: 0,
    clusterRetryStrategy: reconnectAfterMs,
    slotsRefreshInterval: 5000,
    slotsRefreshTimeout: connectTimeoutMs,
    // Certificates are made out to names.
    ...(redisOptions.tls === undefined ? {} : { dnsLookup: (address, done) => done(null, address) }),
  };
}

function nodesOf(nodes: readonly string[]): { host: string; port: number }[] {
  return nodes.map(parseNode).filter((node) => node !== null);
}

/** How messages name the servers. Holds no secret. */
export function addressOf(settings: RedisSettings): string {
  const { servers } = settings;
  switch (servers.kind) {
    case 'single': {
      const url = new URL(servers.url);
      return `${url.hostname}:${url.port || 6379}`;
    }
    case 'cluster':
      return `${servers.nodes.join(',')} (cluster)`;
    case 'sentinel':
      return `${servers.nodes.join(',')} (sentinels of ${servers.masterName})`;
  }
}

/** Where the store's servers are. */
export type RedisServers =
  | {
      readonly kind: 'single';
      /**
       * `redis://[user[:password]@]host[:port][/database]`; `rediss://` speaks TLS. User and password are
       * percent-encoded, and stand back behind `username` and `password` of the settings.
       */
      readonly url: string;
    }
  | {
      readonly kind: 'cluster';
      /** `host:port` of some nodes; the others are learnt from them. */
      readonly nodes: readonly string[];
    }
  | {
      readonly kind: 'sentinel';
      /** `host:port` of the sentinels. */
      readonly nodes: readonly string[];
      /** The name under which they watch the master. */
      readonly masterName: string;
      /** User and password of the sentinels themselves, when they ask for one. */
      readonly username?: string;
      readonly password?: string;
    };

/** All of it PEM text, not paths. */
export interface RedisTls {
  /** Certificates of the authorities that are trusted. @default those of the system */
  readonly ca?: string;
  /** The client's own certificate, when the server asks for one, and its key. */
  readonly cert?: string;
  readonly key?: string;
}

export interface RedisSettings {
  readonly servers: RedisServers;
  /** An ACL user; see `aclRule` for what it must be allowed. @default the server's `default` user */
  readonly username?: string;
  readonly password?: string;
  /** Speaks TLS to the data servers (sentinels excepted). @default only for a `rediss://` URL */
  readonly tls?: RedisTls;
  /**
   * First part of every key; no braces. Installations that share a server must differ in it.
   * @default "moola:"
   */
  readonly keyPrefix?: string;
  /**
   * How long opening waits for a server that answers, in milliseconds.
   * @default 10000
   */
  readonly connectTimeoutMs?: number;
  /**
   * How long a command may take, waiting for a lost connection included, in milliseconds. A command without an answer
   * by then counts as `answer-missing`: it may have been carried out.
   * @default 5000
   */
  readonly commandTimeoutMs?: number;
  /**
   * How many replicas a save waits for (`WAIT`). Fewer than these give a notice, not a refusal: a failover that goes
   * back is survived, this only makes it rare. Costs a second round trip a save.
   * @default 0
   */
  readonly replicasToWaitFor?: number;
  /**
   * How long a save waits for them, in milliseconds; less than `commandTimeoutMs`.
   * @default 500
   */
  readonly replicaTimeoutMs?: number;
  /**
   * How many saves of one process are under way at a time; the others wait for their turn.
   * @default 2
   */
  readonly savesAtOnce?: number;
  /**
   * A task that nobody saved or acquired for so long is removed whole, in milliseconds; at least a minute.
   * @default 7776000000 (90 days)
   */
  readonly abandonedAfterMs?: number;
}

/** The settings with their defaults, every field given. */
export interface EffectiveSettings {
  readonly keyPrefix: string;
  readonly connectTimeoutMs: number;
  readonly commandTimeoutMs: number;
  readonly replicasToWaitFor: number;
  readonly replicaTimeoutMs: number;
  readonly savesAtOnce: number;
  readonly abandonedAfterMs: number;
}

const day = 24 * 60 * 60 * 1000;

export function effectiveSettings(settings: RedisSettings): EffectiveSettings {
  return {
    keyPrefix: settings.keyPrefix ?? 'moola:',
    connectTimeoutMs: settings.connectTimeoutMs ?? 10_000,
    commandTimeoutMs: settings.commandTimeoutMs ?? 5_000,
    replicasToWaitFor: settings.replicasToWaitFor ?? 0,
    replicaTimeoutMs: settings.replicaTimeoutMs ?? 500,
    savesAtOnce: settings.savesAtOnce ?? 2,
    abandonedAfterMs: settings.abandonedAfterMs ?? 90 * day,
  };
}

/** What is wrong with the settings, all at once, each with its path. Secrets are not repeated. */
export function settingsProblems(settings: RedisSettings): readonly string[] {
  const effective = effectiveSettings(settings);
  const problems = [...serverProblems(settings.servers)];
  if (/[{}]/.test(effective.keyPrefix)) problems.push('keyPrefix holds a brace: these mark the hash slot of a key');
  const minimums = {
    ...{ connectTimeoutMs: 1, commandTimeoutMs: 1, replicasToWaitFor: 0, replicaTimeoutMs: 1, savesAtOnce: 1 },
    abandonedAfterMs: 60_000,
  };
  for (const [name, minimum] of Object.entries(minimums)) {
    const value = effective[name as keyof typeof minimums];
    if (!Number.isSafeInteger(value) || value < minimum)
      problems.push(`${name} is ${value}: it must be a whole number of at least ${minimum}`);
  }
  if (effective.replicasToWaitFor > 0 && effective.replicaTimeoutMs >= effective.commandTimeoutMs)
    problems.push(
      `replicaTimeoutMs is ${effective.replicaTimeoutMs}: it must be less than commandTimeoutMs (${effective.commandTimeoutMs})`,
    );
  const { cert, key } = settings.tls ?? {};
  if ((cert === undefined) !== (key === undefined)) problems.push('tls.cert and tls.key come together or not at all');
  return problems;
}

function serverProblems(servers: RedisServers): readonly string[] {
  if (servers.kind === 'single') return urlProblems(servers.url);
  const problems = servers.nodes
    .filter((node) => parseNode(node) === null)
    .map((node) => `servers.nodes: ${JSON.stringify(node)} is no host:port`);
  if (servers.nodes.length === 0) problems.push('servers.nodes is empty: name at least one host:port');
  if (servers.kind === 'sentinel' && servers.masterName === '')
    problems.push('servers.masterName is empty: give the name under which the sentinels watch the master');
  return problems;
}

function urlProblems(text: string): readonly string[] {
  const form = 'redis://[user[:password]@]host[:port][/database]';
  if (!URL.canParse(text)) return [`servers.url is no URL: it must look like ${form}`];
  const url = new URL(text);
  const problems: string[] = [];
  if (url.protocol !== 'redis:' && url.protocol !== 'rediss:')
    problems.push(`servers.url begins with ${url.protocol}//: it must be redis:// or, for TLS, rediss://`);
  if (url.hostname === '') problems.push(`servers.url names no host: it must look like ${form}`);
  if (!/^\/?\d*$/.test(url.pathname))
    problems.push('servers.url ends with a path that is no database number, such as /0');
  if (url.search !== '') problems.push('servers.url has a query (?…): give options as settings');
  return problems;
}

/** `host:port`, also `[::1]:6379`. */
export function parseNode(node: string): { readonly host: string; readonly port: number } | null {
  const match = /^(?:\[([0-9a-fA-F:]+)\]|([^\s:/@[\]]+)):(\d{1,5})$/.exec(node);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  return host !== undefined && port > 0 && port < 65536 ? { host, port } : null;
}

import { runCommand } from './command.js';
import { startRedis, type RedisOptions, type RedisServer } from './redis.js';

export interface RedisCluster {
  /** The nodes: the masters first, then the replicas. */
  readonly nodes: readonly RedisServer[];
  stop(): Promise<void>;
}

/**
 * Starts a Redis Cluster of three masters.
 *
 * @param replicas of each master; with one or more a master that is killed is replaced after 2 s
 * @throws MissingPart when Redis cannot be had on this machine.
 */
export async function startRedisCluster(replicas: number, options: RedisOptions = {}): Promise<RedisCluster> {
  const nodes: RedisServer[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node.stop()));
  };
  try {
    for (let index = 0; index < 3 * (1 + replicas); index++) nodes.push(await startRedis(clusterNode(options)));
    const addresses = nodes.map(({ port }) => `127.0.0.1:${port}`);
    const create = ['--cluster', 'create', ...addresses, '--cluster-replicas', String(replicas), '--cluster-yes'];
    const { code, output } = await runCommand('redis-cli', create);
    if (code !== 0) throw new Error(`The Redis Cluster could not be made:\n${output}`);
    return { nodes, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function clusterNode(options: RedisOptions): RedisOptions {
  const { config } = options;
  return {
    ...options,
    config: (place) => [
      ...['cluster-enabled yes', 'cluster-node-timeout 2000', `cluster-port ${place.secondPort}`],
      ...(typeof config === 'function' ? config(place) : (config ?? [])),
    ],
  };
}

import { createServer, type Server } from 'node:net';
import { startKafka, type KafkaServer } from './kafka.js';
import { customResources } from './kubernetes/custom-resources.js';
import { startKubernetes, type KubernetesAddress, type StartedKubernetes } from './kubernetes/kubernetes.js';
import { startRedis, type RedisServer } from './redis.js';

/** Environment variable by which one process tells those that it starts where to ask for the shared servers. */
export const sharingVariable = 'MOOLA_TESTBED';

/** Of the Kubernetes that is shared; each has a node. */
export const sharedZones = ['zone-a', 'zone-b', 'zone-c'] as const;

/** What is answered to one line that says `kafka`, `redis` or `kubernetes`. */
export type SharingAnswer = { readonly address: string } | { readonly failure: string };

/** One Kafka, one Redis and one Kubernetes for all test processes of a run; each is started when it is first asked for. */
export class Sharing {
  private kafka: Promise<KafkaServer> | undefined;
  private redis: Promise<RedisServer> | undefined;
  private kubernetes: Promise<StartedKubernetes> | undefined;

  private constructor(private readonly server: Server) {}

  /** Listens, and sets the environment variable by which `sharedKafka` and `sharedRedis` find this. */
  static async open(): Promise<Sharing> {
    const server = createServer();
    const sharing = new Sharing(server);
    server.on('connection', (socket) => {
      socket.on('error', () => undefined);
      socket.setEncoding('utf8').once('data', (line: string) => {
        void sharing.answer(line.trim()).then((answer) => socket.end(`${JSON.stringify(answer)}\n`));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    server.unref();
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('A TCP server has no port');
    process.env[sharingVariable] = String(address.port);
    return sharing;
  }

  /** Stops what was started. */
  async close(): Promise<void> {
    delete process.env[sharingVariable];
    this.server.close();
    for (const started of await Promise.allSettled([this.kafka, this.redis, this.kubernetes])) {
      if (started.status === 'fulfilled') await started.value?.stop();
    }
  }

  private async answer(part: string): Promise<SharingAnswer> {
    try {
      if (part === 'kafka') return { address: (await (this.kafka ??= startKafka())).brokers };
      if (part === 'redis') return { address: (await (this.redis ??= startRedis())).url };
      if (part === 'kubernetes') return { address: addressOf(await (this.kubernetes ??= startShared())) };
      return { failure: `There is no part "${part}"; there are kafka, redis and kubernetes` };
    } catch (error) {
      return { failure: error instanceof Error ? error.message : String(error) };
    }
  }
}

/** Three zones, and the resources of all operators that the chart can use. */
async function startShared(): Promise<StartedKubernetes> {
  const cluster = await startKubernetes({ zones: sharedZones });
  try {
    await cluster.define(await customResources());
    return cluster;
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

function addressOf({ kubeconfig, kubectlProgram, server, token, execPort, commands }: KubernetesAddress): string {
  const address: KubernetesAddress = { kubeconfig, kubectlProgram, server, token, execPort, commands };
  return JSON.stringify(address);
}

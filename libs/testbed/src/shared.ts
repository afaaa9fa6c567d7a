import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { kubernetesAt, type Kubernetes, type KubernetesAddress } from './kubernetes/kubernetes.js';
import { addressVariables } from './parts.js';
import { sharingVariable, type SharingAnswer } from './sharing.js';

/**
 * Addresses of the Kafka that all suites of a test run share: MOOLA_KAFKA_BROKERS when it is set, else one that is
 * started for the first suite that asks. Topics and groups must have names of the suite's own. A suite that restarts
 * or kills its broker starts its own by `startKafka`.
 *
 * @throws Error when it cannot be had.
 */
export function sharedKafka(): Promise<string> {
  return shared('kafka', addressVariables.Kafka);
}

/**
 * The URL of the Redis that all suites of a test run share: REDIS_URL when it is set, else one that is started for
 * the first suite that asks. Keys must have names of the suite's own, and nobody flushes it.
 *
 * @throws Error when it cannot be had.
 */
export function sharedRedis(): Promise<string> {
  return shared('redis', addressVariables.Redis);
}

/**
 * The control plane of Kubernetes that all suites of a test run share: three zones with a node each, and the resources of
 * `customResources`. Namespaces must have names of the suite's own.
 *
 * @throws Error when it cannot be had.
 */
export async function sharedKubernetes(): Promise<Kubernetes> {
  return kubernetesAt(JSON.parse(await shared('kubernetes')) as KubernetesAddress);
}

async function shared(part: 'kafka' | 'redis' | 'kubernetes', variable?: string): Promise<string> {
  const given = variable === undefined ? undefined : process.env[variable];
  if (given !== undefined && given !== '') return given;
  const port = process.env[sharingVariable];
  if (port === undefined) {
    const or = variable === undefined ? '' : `, or set ${variable}`;
    throw new Error(`No ${part} is shared here: Jest shares one (jest.config.mjs)${or}`);
  }
  const socket = connect(Number(port), '127.0.0.1');
  socket.write(`${part}\n`);
  const answer = JSON.parse(await text(socket)) as SharingAnswer;
  if ('failure' in answer) throw new Error(answer.failure);
  return answer.address;
}

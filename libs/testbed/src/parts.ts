import { connect } from 'node:net';
import { busybox } from './busybox.js';
import { checkerNames, checkerProgram } from './checkers.js';
import { startEngine } from './engine.js';
import { helmMajors, helmProgram } from './helm-program.js';
import { kafkaProgram } from './kafka-program.js';
import { customResources } from './kubernetes/custom-resources.js';
import { kubernetesPrograms } from './kubernetes/programs.js';
import { MissingPart } from './missing-part.js';
import { pythonEnvironment } from './python-environment.js';
import { redisProgram } from './redis-program.js';

/** Environment variables that name servers which run already. */
export const addressVariables = { Kafka: 'MOOLA_KAFKA_BROKERS', Redis: 'REDIS_URL' } as const;

/**
 * What suites need: servers to talk to, programs to start servers of their own with, checkers of what is deployed, Helm in
 * all its majors, a control plane of Kubernetes, a Docker engine, or Python with the packages of the client's tests.
 */
export type Need = 'addresses' | 'programs' | 'checkers' | 'helm' | 'cluster' | 'engine' | 'python';

/**
 * Gets the real parts for suites with this need: installs and downloads what is not there.
 *
 * @returns the parts that cannot be had.
 */
export async function missingParts(need: Need): Promise<MissingPart[]> {
  const outcomes = await gotten(need);
  return outcomes.flatMap((outcome) => {
    if (outcome.status === 'fulfilled') return [];
    if (outcome.reason instanceof MissingPart) return [outcome.reason];
    throw outcome.reason;
  });
}

function gotten(need: Need): Promise<PromiseSettledResult<unknown>[]> {
  switch (need) {
    case 'checkers':
      return oneByOne(checkerNames.map((checker) => () => checkerProgram(checker)));
    case 'helm':
      return oneByOne(helmMajors.map((major) => () => helmProgram(major)));
    case 'cluster':
      return oneByOne([kubernetesPrograms, customResources]);
    case 'engine':
      // Whether it may start here is known once it has.
      return oneByOne([async () => (await startEngine()).stop(), busybox]);
    case 'python':
      return oneByOne([pythonEnvironment]);
    case 'addresses':
    case 'programs':
      return gotServers(need);
  }
}

/** Packages are installed, and programs built, one at a time. */
async function oneByOne(gets: readonly (() => Promise<unknown>)[]): Promise<PromiseSettledResult<unknown>[]> {
  const outcomes: PromiseSettledResult<unknown>[] = [];
  for (const get of gets) outcomes.push(...(await Promise.allSettled([get()])));
  return outcomes;
}

function gotServers(need: 'addresses' | 'programs'): Promise<PromiseSettledResult<void>[]> {
  return Promise.allSettled([
    partFor('Kafka', need, kafkaProgram, (brokers) => new URL(`kafka://${brokers.split(',')[0]}`)),
    partFor('Redis', need, redisProgram, (url) => new URL(url)),
  ]);
}

async function partFor(
  part: keyof typeof addressVariables,
  need: 'addresses' | 'programs',
  program: () => Promise<unknown>,
  parse: (address: string) => URL,
): Promise<void> {
  const variable = addressVariables[part];
  const given = process.env[variable];
  if (need === 'programs' || given === undefined || given === '') return void (await program());
  const { hostname, port } = parse(given);
  if (await listens(hostname, Number(port === '' ? 6379 : port))) return;
  throw new MissingPart(part, `nothing listens at ${variable}=${given}`, `start it there, or unset ${variable}`);
}

function listens(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 5_000 });
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });
}

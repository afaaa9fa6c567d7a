import { z } from 'zod';
import { onOff } from '../settings/on-off.js';
import type { Settings } from '../settings/settings.js';
import { servedEnvironments } from './served-environments.js';

const list = z
  .string()
  .transform((text) => text.split(',').map((each) => each.trim()))
  .refine((parts) => parts.every((part) => /^[^\s:]+:\d+$/.test(part)), 'must be host:port, several with commas');
const secret = z.string().min(1, 'is empty').optional();
const pem = z.string().includes('-----BEGIN', { message: 'is no PEM text' }).optional();

/** What a service that runs as a process of its own reads beside `processSettings`. */
export const distributedSettings = {
  mode: {
    variable: 'MOOLA_MODE',
    schema: z.enum(['standalone', 'distributed'], 'is neither "standalone" nor "distributed"'),
    default: 'standalone',
    text: '`distributed`: this process is one service of many, on Kafka and Redis. `standalone`: `moola up`, all in one.',
  },
  environments: {
    variable: 'MOOLA_ENVIRONMENTS',
    schema: servedEnvironments,
    default: 'live',
    text: 'Environments whose tasks this process runs: `live`, or several, such as `live,example:replay`.',
  },
  kafkaBrokers: {
    variable: 'MOOLA_KAFKA_BROKERS',
    schema: list.optional(),
    text: 'Kafka brokers to begin with: `host:port`, several with commas.',
  },
  kafkaTls: {
    variable: 'MOOLA_KAFKA_TLS',
    schema: onOff,
    default: 'off',
    text: '`on`: connect to Kafka by TLS. A certificate authority below switches it on too.',
  },
  kafkaTlsCa: { variable: 'MOOLA_KAFKA_TLS_CA', schema: pem, text: 'Certificate authority of the brokers, PEM.' },
  kafkaTlsCert: { variable: 'MOOLA_KAFKA_TLS_CERT', schema: pem, text: 'Certificate of this client, PEM.' },
  kafkaTlsKey: { variable: 'MOOLA_KAFKA_TLS_KEY', schema: pem, text: 'Its key, PEM.', secret: true },
  kafkaMechanism: {
    variable: 'MOOLA_KAFKA_SASL_MECHANISM',
    schema: z
      .enum(['plain', 'scram-sha-256', 'scram-sha-512'], 'must be plain, scram-sha-256 or scram-sha-512')
      .optional(),
    text: 'How this client says who it is: `plain`, `scram-sha-256` or `scram-sha-512`. Not at all without it.',
  },
  kafkaUsername: { variable: 'MOOLA_KAFKA_USERNAME', schema: secret, text: 'User name for SASL.' },
  kafkaPassword: { variable: 'MOOLA_KAFKA_PASSWORD', schema: secret, text: 'Password for SASL.', secret: true },
  kafkaSessionTimeoutMs: {
    variable: 'MOOLA_KAFKA_SESSION_TIMEOUT_MS',
    schema: z
      .string()
      .regex(/^\d+$/, 'is no whole number')
      .transform(Number)
      .refine((value) => value >= 1000 && value <= 1_800_000, 'must be from 1000 to 1800000'),
    default: '15000',
    unit: 'ms',
    text: 'An instance that was not heard of for so long is taken to be dead: others take its partitions over.',
  },
  kafkaReplication: {
    variable: 'MOOLA_KAFKA_REPLICATION',
    schema: z.coerce.number().int().min(1, 'must be 1 or more').max(32).optional(),
    text: 'Replicas of the topics. By default those that are made get 3, or as many as there are brokers if fewer.',
  },
  telemetryPartitions: {
    variable: 'MOOLA_TELEMETRY_PARTITIONS',
    schema: z.coerce.number().int().min(1, 'must be 1 or more').max(1024).optional(),
    text: 'Partitions of `telemetry` when it is made; it may get more at any time. By default as many as MOOLA_PARTITIONS.',
  },
  createTopics: {
    variable: 'MOOLA_CREATE_TOPICS',
    schema: onOff,
    default: 'on',
    text: '`off`: topics that are missing stop the start instead of being made.',
  },
  redisUrl: {
    variable: 'REDIS_URL',
    schema: z.url({ protocol: /^rediss?$/, message: 'is no redis:// or rediss:// address' }).optional(),
    text: 'The Redis that holds the checkpoints: `redis://user:password@host:port/db`, `rediss://` for TLS.',
    secret: true,
  },
  redisCluster: {
    variable: 'MOOLA_REDIS_CLUSTER',
    schema: list.optional(),
    text: 'Nodes of a Redis Cluster, instead of `REDIS_URL`: `host:port`, several with commas.',
  },
  redisSentinels: {
    variable: 'MOOLA_REDIS_SENTINELS',
    schema: list.optional(),
    text: 'Sentinels that know the master, instead of `REDIS_URL`: `host:port`, several with commas.',
  },
  redisMaster: {
    variable: 'MOOLA_REDIS_MASTER',
    schema: z.string().min(1, 'is empty'),
    default: 'mymaster',
    text: 'Name of the master that the Sentinels watch.',
  },
  redisUsername: { variable: 'MOOLA_REDIS_USERNAME', schema: secret, text: 'ACL user; for a cluster or Sentinels.' },
  redisPassword: { variable: 'MOOLA_REDIS_PASSWORD', schema: secret, text: 'Its password.', secret: true },
  redisTls: {
    variable: 'MOOLA_REDIS_TLS',
    schema: onOff,
    default: 'off',
    text: '`on`: connect to a cluster or Sentinels by TLS.',
  },
  redisTlsCa: { variable: 'MOOLA_REDIS_TLS_CA', schema: pem, text: 'Certificate authority of the Redis, PEM.' },
  redisTlsCert: { variable: 'MOOLA_REDIS_TLS_CERT', schema: pem, text: 'Certificate of this client, PEM.' },
  redisTlsKey: { variable: 'MOOLA_REDIS_TLS_KEY', schema: pem, text: 'Its key, PEM.', secret: true },
} as const;

export type DistributedSettings = Settings<typeof distributedSettings>;

/** What settings say together, that none says alone. Every problem is told. */
export function distributedProblems(settings: DistributedSettings): string[] {
  const problems: string[] = [];
  if (settings.mode === 'standalone') {
    problems.push(
      'MOOLA_MODE: a service that runs alone needs Kafka and Redis: set MOOLA_MODE=distributed, MOOLA_KAFKA_BROKERS and ' +
        'REDIS_URL; everything in one process, with neither, is "moola up"',
    );
  }
  if (settings.kafkaBrokers === undefined) {
    problems.push('MOOLA_KAFKA_BROKERS: is missing: host:port of a broker, several with commas');
  }
  const stores = [settings.redisUrl, settings.redisCluster, settings.redisSentinels].filter(
    (each) => each !== undefined,
  );
  if (stores.length !== 1) {
    problems.push(
      `REDIS_URL: set exactly one of REDIS_URL, MOOLA_REDIS_CLUSTER and MOOLA_REDIS_SENTINELS; ${stores.length} are set`,
    );
  }
  const named = settings.kafkaUsername !== undefined && settings.kafkaPassword !== undefined;
  if (settings.kafkaMechanism !== undefined && !named) {
    problems.push('MOOLA_KAFKA_SASL_MECHANISM: needs MOOLA_KAFKA_USERNAME and MOOLA_KAFKA_PASSWORD');
  }
  if (settings.kafkaMechanism === undefined && (settings.kafkaUsername ?? settings.kafkaPassword) !== undefined) {
    problems.push('MOOLA_KAFKA_USERNAME: needs MOOLA_KAFKA_SASL_MECHANISM: plain, scram-sha-256 or scram-sha-512');
  }
  return problems;
}

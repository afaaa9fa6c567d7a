import { startKafka } from './kafka.js';
import { addressVariables } from './parts.js';
import { startRedis } from './redis.js';

export interface Testbed {
  /** As MOOLA_KAFKA_BROKERS takes it. */
  readonly brokers: string;
  /** As REDIS_URL takes it. */
  readonly redisUrl: string;
  /** Ends what was started; a server that was there before stays. */
  stop(): Promise<void>;
}

/**
 * A Kafka and a Redis: those that the environment names, else new ones.
 *
 * @param cpus cores for both, as `taskset -c` takes them. Default: all.
 * @throws Error when one cannot be had on this machine; it names the command that gets it.
 */
export async function startTestbed(cpus?: string): Promise<Testbed> {
  const pinned = cpus === undefined ? {} : { cpus };
  const [kafka, redis] = await Promise.allSettled([
    given(addressVariables.Kafka) ?? startKafka(pinned),
    given(addressVariables.Redis) ?? startRedis(pinned),
  ]);
  const stop = async (): Promise<void> => {
    for (const part of [kafka, redis]) {
      if (part.status === 'fulfilled' && typeof part.value !== 'string') await part.value.stop();
    }
  };
  if (kafka.status === 'fulfilled' && redis.status === 'fulfilled') {
    return {
      brokers: typeof kafka.value === 'string' ? kafka.value : kafka.value.brokers,
      redisUrl: typeof redis.value === 'string' ? redis.value : redis.value.url,
      stop,
    };
  }
  await stop();
  const failures = [kafka, redis].flatMap((part) => (part.status === 'rejected' ? [part.reason as Error] : []));
  throw new Error(failures.map(({ message }) => message).join('\n'), { cause: failures[0] });
}

function given(variable: string): string | undefined {
  const address = process.env[variable];
  return address === '' ? undefined : address;
}

import { programOfPackage } from './debian.js';
import { MissingPart } from './missing-part.js';

/**
 * Where `redis-server` is; installs it where that is possible.
 *
 * @throws MissingPart when it is not there and cannot be installed.
 */
export async function redisProgram(): Promise<string> {
  const redis = await programOfPackage('redis-server', 'redis-server');
  if ('path' in redis) return redis.path;
  throw new MissingPart('Redis', redis.reason, 'apt-get install redis-server, or set REDIS_URL to one that runs');
}

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { AssignerProtocol, Kafka, logLevel } from 'kafkajs';
import { eventually } from '@moola/streams/testing/eventually';
import { runCommand } from '@moola/testbed/command';
import { Fleet, type ServiceProcess } from '@moola/testbed/fleet';
import { startKafka, type KafkaServer } from '@moola/testbed/kafka';
import { startRedis, type RedisServer } from '@moola/testbed/redis';

const minutes = 60_000;

interface Report {
  readonly healthy: boolean;
  readonly parts: Readonly<Record<string, string>>;
}

/** What a probe is answered, and how long it took. */
async function ask(service: ServiceProcess, path: string): Promise<{ status: number; body: Report; tookMs: number }> {
  const begun = performance.now();
  const response = await fetch(service.address + path, { signal: AbortSignal.timeout(minutes) });
  return { status: response.status, body: (await response.json()) as Report, tookMs: performance.now() - begun };
}

const saysOf = async (service: ServiceProcess, part: string): Promise<string> =>
  (await ask(service, '/readyz')).body.parts[part] ?? '';

/** Sends one event. */
async function post(collector: ServiceProcess) {
  const begun = performance.now();
  const time = new Date().toISOString();
  const event = { source: 'shop', prediction: { model: 'churn', version: 'v1', input: `i${begun}`, time, class: '1' } };
  const response = await fetch(`${collector.address}/v1/events`, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(event) },
    signal: AbortSignal.timeout(minutes),
  });
  const { message = '' } = (await response.json()) as { message?: string };
  const tookMs = performance.now() - begun;
  return { status: response.status, retryAfter: response.headers.get('retry-after'), message, tookMs };
}

async function metric(service: ServiceProcess, line: string): Promise<number | null> {
  const text = await (await fetch(`${service.address}/metrics`)).text();
  const found = text.split('\n').find((each) => each.startsWith(line));
  return found === undefined ? null : Number(found.slice(found.lastIndexOf(' ') + 1));
}

describe('services whose Kafka or Redis is away', () => {
  let kafka: KafkaServer;
  let redis: RedisServer;
  let fleet: Fleet;
  let collector: ServiceProcess;
  let console: ServiceProcess;

  beforeAll(async () => {
    [kafka, redis] = await Promise.all([startKafka(), startRedis()]);
    fleet = new Fleet({ brokers: kafka.brokers, redisUrl: redis.url, environments: 'live', partitions: 1 });
    await Promise.all([kafka.kill(), redis.kill()]);
    collector = await fleet.add('collector', {}, 'listening');
  }, 5 * minutes);
  afterAll(async () => {
    await fleet?.stop();
    await Promise.all([kafka?.stop(), redis?.stop()]);
  }, 5 * minutes);

  it(
    'answer before either has answered them, and say what they wait for; then they begin by themselves',
    async () => {
      expect((await ask(collector, '/healthz')).status).toBe(200);
      await eventually('it says so', async () => (await saysOf(collector, 'Redis')).includes('ECONNREFUSED'));
      const { status, body } = await ask(collector, '/readyz');
      expect({ status, ...body.parts }).toMatchObject({
        ...{ status: 503, services: 'starting' },
        Kafka: expect.stringContaining('Kafka has not answered yet'),
        Redis: expect.stringContaining('Redis has not answered yet: Redis at'),
      });
      expect(await post(collector)).toMatchObject({ status: 503, retryAfter: '5' });
      await Promise.all([kafka.restart(), redis.restart()]);
      await eventually('it is ready', async () => (await ask(collector, '/readyz')).status === 200);
      expect(await assignments(['moola.live.collector.receive', 'moola.live.collector.join'])).toEqual([[0], [0]]);
      await eventually('it takes events', async () => (await post(collector)).status === 200);
      console = await fleet.add('console');
      await fleet.add('responder');
      await fleet.add('notifier');
    },
    5 * minutes,
  );

  /** Partitions that the only member of each group has been given. */
  const assignments = async (groups: string[]): Promise<(readonly number[] | undefined)[]> => {
    const admin = new Kafka({ brokers: [kafka.brokers], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const described = await admin.describeGroups(groups);
    await admin.disconnect();
    return described.groups.map(({ members: [member] }) => {
      const bytes = member?.memberAssignment ?? Buffer.alloc(0);
      const assigned = bytes.length === 0 ? undefined : AssignerProtocol.MemberAssignment.decode(bytes)?.assignment;
      return Object.values(assigned ?? {})[0];
    });
  };

  describe('for a while', () => {
    afterEach(async () => {
      for (const service of fleet.processes) {
        await eventually('all are ready again', async () => (await ask(service, '/readyz')).status === 200);
      }
      await eventually('events are taken', async () => (await post(collector)).status === 200);
      for (const service of fleet.processes) expect(service.output()).not.toContain('stopped for good');
    }, 3 * minutes);

    it(
      'Kafka: are not ready, refuse events at once, and the console goes on from what it has',
      async () => {
        kafka.pause();
        const checked = runCommand(process.execPath, ['apps/tracker/dist/main.js', '--check'], fleet.variablesWith({}));
        try {
          // It hangs: a client that waits for it would do so for a quarter of a minute.
          await eventually('it says so', async () =>
            (await saysOf(collector, 'Kafka')).includes('has not answered for'),
          );
          const refused = await post(collector);
          expect(refused).toMatchObject({ status: 503, retryAfter: '5', message: expect.stringContaining('later') });
          expect(refused.tookMs).toBeLessThan(2000 + slack);
          const { status, body } = await ask(console, '/readyz');
          expect([status, body.healthy]).toEqual([200, true]);
          expect(body.parts['Kafka']).toContain('what is shown may be old');
          const views = await fetch(`${console.address}/api/v1/environments`);
          expect(await views.json()).toMatchObject([{ stale: expect.stringContaining('Kafka has not answered for') }]);
          for (const service of fleet.processes) {
            const alive = await ask(service, '/healthz');
            expect(alive.status).toBe(200);
            expect(alive.tookMs).toBeLessThan(1000 + slack);
          }
          expect(await metric(collector, 'moola_connection_up{server="kafka"')).toBe(0);
          expect(await metric(collector, 'moola_connection_up{server="redis"')).toBe(1);
          expect(await metric(console, 'moola_console_stale{environment="live"')).toBe(1);
          // People wait for an answer, services for Kafka.
          expect(await checked).toEqual({
            code: 1,
            output: expect.stringMatching(
              /tracker: Kafka has not answered yet.*\. Check that it runs, and MOOLA_KAFKA_BROKERS \(waited 15 s\)\n$/,
            ),
          });
        } finally {
          kafka.resume();
        }
      },
      5 * minutes,
    );

    it.each<[string, string, string, string]>([
      ['whose password is being changed', 'requirepass', 'another', ''],
      ['without memory', 'maxmemory', '1', '0'],
    ])(
      'Redis, %s: wait, say why, and go on',
      async (_what, setting, value, before) => {
        const administrator = new Redis(redis.url);
        administrator.on('error', () => undefined);
        try {
          await administrator.config('SET', setting, value);
          // Who is connected already stays so: those that come later are refused.
          if (setting === 'requirepass') await administrator.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
          await eventually('it says so', async () => {
            await post(collector);
            return /Redis at .*(NOAUTH|WRONGPASS|without any password|OOM|full)/.test(
              Object.values((await ask(collector, '/readyz')).body.parts).join(' '),
            );
          });
          expect((await ask(collector, '/healthz')).status).toBe(200);
        } finally {
          await administrator.config('SET', setting, before);
          administrator.disconnect();
        }
      },
      5 * minutes,
    );
  });
});

/** What a busy machine may take beyond what the services promise, in milliseconds. */
const slack = 3000;

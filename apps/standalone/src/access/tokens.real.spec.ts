import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@moola/streams/testing/eventually';
import { Fleet, type ServiceProcess } from '@moola/testbed/fleet';
import { sharedKafka, sharedRedis } from '@moola/testbed/shared';

const minutes = 60_000;
const environment = `tokens-${randomBytes(4).toString('hex')}`;
const configured = 'a-token-of-enough-length';

/** Real processes on a real Kafka: two consoles, and a collector that is never told anything but by the topic. */
describe('API tokens of a distributed installation', () => {
  let fleet: Fleet;
  const consoles: ServiceProcess[] = [];
  let collector: ServiceProcess;

  beforeAll(async () => {
    const [brokers, redisUrl] = await Promise.all([sharedKafka(), sharedRedis()]);
    const variables = { MOOLA_TOKEN: configured };
    fleet = new Fleet({ brokers, redisUrl, environments: environment, partitions: 1, variables });
    collector = await fleet.add('collector');
    consoles.push(await fleet.add('console'), await fleet.add('console'));
  }, 5 * minutes);
  afterAll(() => fleet?.stop(), 5 * minutes);

  const ask = async (
    service: ServiceProcess | undefined,
    method: string,
    path: string,
    token: string,
    body?: unknown,
  ) => {
    const response = await fetch(`${service?.address}${path}`, {
      ...{ method, ...(body !== undefined && { body: JSON.stringify(body) }) },
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
    });
    return { status: response.status, body: (await response.json()) as Record<string, string> };
  };
  const create = async (name: string, role: string) => {
    const wanted = { name, role, environments: [environment], expiresAtMs: null };
    const { status, body } = await ask(consoles[0], 'POST', '/api/v1/tokens', configured, wanted);
    expect(status).toBe(201);
    return { id: body['id'] ?? '', token: body['token'] ?? '' };
  };
  const send = (token: string) => ask(collector, 'POST', '/v1/events', token, []);
  const list = (service: ServiceProcess | undefined, token: string) =>
    ask(service, 'GET', '/api/v1/environments', token);
  const isKnown = (status: number) => ![401, 403, 503].includes(status);

  it(
    'count in every process as soon as it has read them, and so does their end, without a restart',
    async () => {
      const producer = await create('checkout', 'ingest');
      const viewer = await create('eve', 'viewer');
      await eventually('the collector knows the producer', async () => isKnown((await send(producer.token)).status));
      await eventually('the other console knows the viewer', async () =>
        isKnown((await list(consoles[1], viewer.token)).status),
      );
      expect((await send(viewer.token)).status).toBe(403);
      expect((await list(consoles[1], producer.token)).status).toBe(403);
      for (const { id } of [producer, viewer])
        expect((await ask(consoles[1], 'DELETE', `/api/v1/tokens/${id}`, configured)).status).toBe(200);
      await eventually('the collector refuses it', async () => (await send(producer.token)).status === 401);
      await eventually(
        'the other console refuses it',
        async () => (await list(consoles[0], viewer.token)).status === 401,
      );
      expect((await send(producer.token)).body['message']).toMatch(/of checkout was revoked on /);
    },
    5 * minutes,
  );

  it(
    'are known again after a restart, and stay revoked',
    async () => {
      const [kept, gone] = [await create('kept', 'viewer'), await create('gone', 'viewer')];
      await ask(consoles[0], 'DELETE', `/api/v1/tokens/${gone.id}`, configured);
      await consoles[0]?.stop();
      await consoles[0]?.start();
      await eventually('it is known', async () => isKnown((await list(consoles[0], kept.token)).status));
      expect((await list(consoles[0], gone.token)).body['message']).toMatch(/of gone was revoked on /);
      expect((await ask(consoles[0], 'GET', '/api/v1/tokens', configured)).body).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ name: 'kept', state: 'in force', createdBy: 'MOOLA_TOKEN' }),
          expect.objectContaining({ name: 'checkout', state: 'revoked', revokedBy: 'MOOLA_TOKEN' }),
        ]),
      );
    },
    5 * minutes,
  );
});

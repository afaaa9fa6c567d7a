import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConsoleServer } from '../testing/console-server.js';
import { EventStream } from '../testing/event-stream.js';
import { routes } from './openapi/routes.js';

const token = 'a-token-of-enough-length';

describe('an API with a token', () => {
  let server: ConsoleServer;
  const ask = (method: string, path: string, headers: Record<string, string>) =>
    fetch(server.url + path.replace(/\{\w+\}/g, 'live'), { method: method.toUpperCase(), headers });

  beforeAll(async () => {
    server = await ConsoleServer.start({ environments: ['live'], token });
  });
  afterAll(() => server.close());

  it.each(routes.map(({ method, path }) => [method, path] as const))(
    'keeps %s %s from whoever has none',
    async (...route) => {
      const refusals = [
        await ask(...route, {}),
        await ask(...route, { authorization: 'Bearer a-token-of-enough-lengtH' }),
        await ask(route[0], `${route[1]}?token=${token}`, {}),
      ];
      expect(refusals.map(({ status }) => status)).toEqual([401, 401, 401]);
      expect(await refusals[0]?.json()).toMatchObject({
        message: expect.stringContaining('this address needs the header "Authorization: Bearer <token>"'),
      });
    },
  );

  it('opens reads and the stream of changes to whoever has it', async () => {
    const authorization = `Bearer ${token}`;
    expect((await ask('get', '/api/v1/environments', { authorization })).status).toBe(200);
    const stream = await EventStream.open(`${server.url}/api/v1/changes`, { authorization });
    expect(await stream.next()).toMatchObject({ type: 'environment', data: { environment: 'live' } });
    stream.close();
  });
});

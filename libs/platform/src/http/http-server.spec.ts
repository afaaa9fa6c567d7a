import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, Module, Post } from '@nestjs/common';
import { eventually } from '@moola/streams/testing/eventually';
import { routeTable, type RouteAccess } from '../access/route-access.js';
import { Health } from '../health/health.js';
import { OperationsModule } from '../health/operations.module.js';
import { HttpMetrics } from '../metrics/http-metrics.js';
import { Metrics } from '../metrics/metrics.js';
import type { AuditEntry } from './audit.js';
import { startHttpServer, type HttpServer, type HttpSettings } from './http-server.js';
import { securityHeaders } from './security-headers.js';

const token = 'a-token-of-enough-length';
const bodies: unknown[] = [];

@Controller('things')
class Things {
  @Get()
  read(): object {
    return { things: [] };
  }
  @Post()
  write(@Body() body: unknown): object {
    bodies.push(body);
    return { taken: true };
  }
  @Get('of/:id')
  readOne(): object {
    return {};
  }
  @Get('forgotten')
  forgotten(): object {
    return { nobody: 'was meant to read this' };
  }
  @Get('broken')
  fail(): never {
    throw new Error('a defect');
  }
}

@Module({ controllers: [Things] })
class ThingsModule {}

const things = { services: 'test', environment: 'none', text: 'A test.' } as const;
const access: readonly RouteAccess[] = [
  ...routeTable,
  { ...things, method: 'GET', path: '/things', role: 'viewer' },
  { ...things, method: 'POST', path: '/things', role: 'operator' },
  { ...things, method: 'GET', path: '/things/of/:id', role: 'viewer' },
  { ...things, method: 'GET', path: '/things/broken', role: 'viewer' },
];

let server: HttpServer;
let metrics: Metrics;
const audited: AuditEntry[] = [];

const start = async (over: Partial<HttpSettings> = {}): Promise<void> => {
  const usual = { host: '127.0.0.1', token: undefined, publicUrl: undefined, allowedHosts: [] };
  metrics = new Metrics('test');
  server = await startHttpServer({
    settings: { ...usual, requestTimeoutMs: 30_000, ...over },
    ...{ port: 0, logger: false, metrics: new HttpMetrics(metrics), access },
    audit: (entry) => void audited.push(entry),
    modules: [ThingsModule, OperationsModule.of(new Health(), metrics)],
  });
};

/** Opens a connection and sends a text as it stands. */
function send(text: string): Socket {
  const socket = connect(Number(new URL(server.address).port), '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(text);
  return socket;
}

/** What the server says until it hangs up. */
async function everything(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await once(socket, 'close');
  return text;
}

const raw = (head: string[], body = '') =>
  everything(send(`${[...head, 'Connection: close'].join('\r\n')}\r\n\r\n${body}`));
const get = (path: string, ...headers: string[]) => raw([`GET ${path} HTTP/1.1`, 'Host: localhost', ...headers]);
const post = (contentType: string[], body: string, ...headers: string[]) =>
  raw(['POST /things HTTP/1.1', 'Host: localhost', `Content-Length: ${body.length}`, ...contentType, ...headers], body);
const status = (answer: string) => Number(/^HTTP\/1\.1 (\d+) /.exec(answer)?.[1]);

describe('the HTTP server', () => {
  beforeEach(() => {
    bodies.length = 0;
  });
  afterEach(() => server.close());

  it('puts its security headers on every answer, errors among them', async () => {
    await start();
    const answers: readonly [number, string][] = [
      [200, await get('/things')],
      [200, await get('/healthz')],
      [404, await get('/nothing')],
      [500, await get('/things/broken')],
      [400, await get('/things/%zz')],
      [403, await raw(['GET /things HTTP/1.1', 'Host: evil.example'])],
      [415, await post(['Content-Type: text/plain'], '{}')],
      [400, await post(['Content-Type: application/json'], '{')],
      [400, await everything(send('no request at all\r\n\r\n'))],
      [400, await raw(['GET /things HTTP/1.1'])],
      [431, await get('/things', `X-Long: ${'x'.repeat(20_000)}`)],
    ];
    for (const [expected, answer] of answers) {
      expect({ status: status(answer), answer }).toMatchObject({ status: expected });
      for (const [name, value] of Object.entries(securityHeaders)) expect(answer).toContain(`${name}: ${value}\r\n`);
    }
  });

  it('parses JSON, and no other body', async () => {
    await start();
    expect(status(await post(['Content-Type: application/json'], '{"a":1}'))).toBe(201);
    expect(status(await post(['Content-Type: application/json; charset=utf-8'], '{"a":2}'))).toBe(201);
    expect(status(await post([], ''))).toBe(201);
    const refused = [
      ...['application/x-www-form-urlencoded', 'text/plain', 'text/plain;charset=UTF-8', 'multipart/form-data', 'json'],
      ...['text/json', 'application/json, text/plain', 'text/plain; application/json'],
    ];
    for (const type of refused)
      expect([type, status(await post([`Content-Type: ${type}`], '{"a":3}'))]).toEqual([type, 415]);
    expect(status(await post([], '{"a":4}'))).toBe(415);
    expect(bodies).toEqual([{ a: 1 }, { a: 2 }, undefined]);
  });

  it('is asked for by names that a web page cannot make its own; probes ask by any', async () => {
    await start({ publicUrl: 'https://moola.example.com', token });
    const authorization = `Authorization: bearer ${token}`;
    const by = async (host: string, path = '/things') =>
      status(await raw([`GET ${path} HTTP/1.1`, `Host: ${host}`, authorization]));
    expect(await by('moola.example.com')).toBe(200);
    expect(await by('127.0.0.1:80')).toBe(200);
    expect(await by('evil.example')).toBe(403);
    for (const probe of ['/healthz', '/readyz', '/metrics', '/%68ealthz']) expect(await by('pod-7', probe)).toBe(200);
    expect(await raw(['GET /things HTTP/1.1', 'Host: evil.example'])).toContain('MOOLA_ALLOWED_HOSTS');
  });

  it('takes nothing from a page of another origin', async () => {
    await start();
    const type = ['Content-Type: application/json'];
    expect(status(await post(type, '{}', 'Origin: https://evil.example'))).toBe(403);
    expect(status(await post(type, '{}', 'Origin: null'))).toBe(403);
    expect(status(await post(type, '{}', 'Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: cors'))).toBe(403);
    expect(bodies).toEqual([]);
    expect(status(await post(type, '{}', 'Origin: http://localhost'))).toBe(201);
  });

  it('asks for the token before it takes in a body, and before it says what there is', async () => {
    await start({ token });
    const socket = send(
      'POST /things HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n',
    );
    const [first] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    expect(status(first.toString())).toBe(401);
    expect(first.toString()).toContain('www-authenticate: Bearer');
    expect(status(await get('/nothing'))).toBe(401);
    expect(status(await get('/metrics'))).toBe(401);
    expect(status(await get('/healthz'))).toBe(200);
    expect(status(await get('/things', `Authorization: BEARER ${token}`))).toBe(200);
  });

  it('counts requests by the template of their route and status, and refusals by reason', async () => {
    await start({ token });
    const authorization = `Authorization: Bearer ${token}`;
    for (const path of ['/things/of/1', '/things/of/2', '/nothing/1', '/nothing/2', '/things/broken'])
      await get(path, authorization);
    await raw(['GET /things HTTP/1.1', 'Host: evil.example']);
    await get('/things');
    await post([authorization, 'Content-Type: application/json'], '{}', 'Origin: https://evil.example');
    await everything(send('no request at all\r\n\r\n'));
    await get('/things', `X-Long: ${'x'.repeat(20_000)}`);
    const series = async (name: string) => {
      const text = await metrics.registry.getSingleMetricAsString(name);
      const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`));
      return lines.map((line) => line.slice(name.length).replace(/,?service="test"/, '')).sort();
    };
    // An answer is counted when it has been sent, which its reader may know sooner.
    const total = (lines: readonly string[]) => lines.reduce((sum, line) => sum + Number(line.split(' ')[1]), 0);
    await eventually('all are counted', async () => total(await series('moola_http_requests_total')) >= 8);
    expect(await series('moola_http_requests_total')).toEqual([
      '{method="GET",route="/things",status="401"} 1',
      '{method="GET",route="/things",status="403"} 1',
      '{method="GET",route="/things/broken",status="500"} 1',
      '{method="GET",route="/things/of/:id",status="200"} 2',
      '{method="POST",route="/things",status="403"} 1',
      '{method="any",route="none",status="404"} 2',
    ]);
    const reasons = ['foreign-page', 'headers-too-large', 'host', 'not-http', 'token'];
    const refusals = reasons.map((reason) => `{reason="${reason}"} 1`);
    expect(await series('moola_http_refusals_total')).toEqual(refusals);
  });

  it('refuses a route that the table does not know, to everybody', async () => {
    await start();
    const answer = await get('/things/forgotten');
    expect(status(answer)).toBe(403);
    expect(answer).toContain('GET /things/forgotten stands in no line of the table of routes');
    await server.close();
    await start({ token });
    expect(status(await get('/things/forgotten'))).toBe(401);
    expect(status(await get('/things/forgotten', `Authorization: Bearer ${token}`))).toBe(403);
  });

  it('tells of what asks for the role of an operator, who it was, and what became of it', async () => {
    await start({ token });
    audited.length = 0;
    const authorization = `Authorization: Bearer ${token}`;
    await get('/things', authorization);
    await post(['Content-Type: application/json'], '{}');
    await post(['Content-Type: application/json'], '{', authorization);
    await post(['Content-Type: application/json'], '{}', authorization);
    await eventually('both are told', () => audited.length >= 2);
    const entry = { who: 'MOOLA_TOKEN', by: 'configured token', role: 'admin', method: 'POST', path: '/things' };
    expect(audited).toEqual([
      { ...entry, status: 400 },
      { ...entry, status: 201 },
    ]);
  });

  it('waits for no request for ever: neither for its headers nor for its body', async () => {
    await start({ requestTimeoutMs: 200 });
    const headers = everything(send('GET /things HTTP/1.1\r\nHost: local'));
    const body = everything(
      send('POST /things HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{'),
    );
    expect((await Promise.all([headers, body])).map(status)).toEqual([408, 408]);
  }, 300_000);
});

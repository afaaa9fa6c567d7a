import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { traced } from './traced.js';
import { startTracing } from './tracing.js';

/** A receiver of OTLP over HTTP that keeps what comes. */
async function receiver(): Promise<{ server: Server; url: string; paths: string[]; bodies: string[] }> {
  const paths: string[] = [];
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      paths.push(request.url ?? '');
      bodies.push(Buffer.concat(chunks).toString('utf8'));
      response.setHeader('Content-Type', 'application/json').end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, paths, bodies };
}

describe('traces', () => {
  it('go to the endpoint, with what a span is about and how it ended', async () => {
    const { server, url, paths, bodies } = await receiver();
    const tracing = await startTracing('moola', `${url}/`);
    const span = { name: 'POST /v1/events', kind: 'server', attributes: { 'moola.events': 3 } } as const;
    await traced(
      span,
      () => Promise.resolve(3),
      (accepted) => ({ 'moola.accepted': accepted }),
    );
    const failing = traced({ name: 'responder/act', kind: 'client' }, () => Promise.reject(new Error('no registry')));
    await expect(failing).rejects.toThrow('no registry');
    await tracing.stop();
    server.close();
    expect(paths).toContain('/v1/traces');
    const sent = bodies.join();
    for (const text of ['POST /v1/events', 'moola.events', 'moola.accepted', 'responder/act', 'no registry', 'moola'])
      expect(sent).toContain(text);
  }, 300_000);

  it('cost nothing without an endpoint', async () => {
    const tracing = await startTracing('moola', undefined);
    await expect(traced({ name: 'x', kind: 'internal' }, () => Promise.resolve('done'))).resolves.toBe('done');
    await tracing.stop();
  });
});

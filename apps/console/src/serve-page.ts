import { readFileSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

/** The built page. Its assets carry a hash in their names: they may be kept for ever. */
export function servePage(fastify: FastifyInstance): void {
  const folder = fileURLToPath(new URL('../page/dist/', import.meta.url));
  const file = (path: string) => {
    try {
      return readFileSync(join(folder, normalize(`/${path}`)));
    } catch {
      return null;
    }
  };
  fastify.get('/', (_request, reply) => {
    const page = file('index.html');
    if (page === null) return reply.code(503).send('The page has not been built: npm run build');
    return reply
      .type(mediaTypes['.html'] ?? '')
      .header('Cache-Control', 'no-cache')
      .send(page);
  });
  fastify.get<{ Params: { name: string } }>('/assets/:name', (request, reply) => {
    const asset = file(`assets/${request.params.name}`);
    if (asset === null) return reply.code(404).send();
    const type = mediaTypes[extname(request.params.name)] ?? 'application/octet-stream';
    return reply.type(type).header('Cache-Control', 'public, max-age=31536000, immutable').send(asset);
  });
}

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { BytesInFlight } from './bytes-in-flight.js';
import { problem, type HttpAnswer } from './events-endpoint.js';

/** Where events are sent. */
export const eventsPath = '/v1/events';

/** Under this type the bytes of a body pass Fastify's parsers untouched: the endpoint reads them itself. */
const rawType = 'application/vnd.moola.events';
const originalType = Symbol('content type');

type EventsRequest = FastifyRequest & { [originalType]?: string };

export interface EventsRouteLimits {
  /** Largest body, in bytes. */
  readonly maximumBodyBytes: number;
  /** Bodies that are read or worked on at once, in bytes. */
  readonly maximumBytesInFlight: number;
}

/** The content type that a request came with. */
export function contentTypeOf(request: FastifyRequest): string {
  return (request as EventsRequest)[originalType] ?? '';
}

/**
 * Lets the bodies of `POST /v1/events` through as bytes, within limits: 413 for one too large, 429 when too much is in
 * flight. Other routes are not touched.
 */
export function installEventsRoute(fastify: FastifyInstance, limits: EventsRouteLimits): void {
  const inFlight = new BytesInFlight(limits.maximumBytesInFlight);
  const largest = limits.maximumBodyBytes;

  fastify.addContentTypeParser(rawType, (_request, payload, done) => {
    const chunks: Buffer[] = [];
    let length = 0;
    payload.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= largest) chunks.push(chunk);
      else if (length - chunk.length <= largest) done(null, tooLarge(`more than ${largest}`, largest));
    });
    payload.once('error', (error) => done(error));
    payload.once('end', () => {
      if (length <= largest) done(null, Buffer.concat(chunks));
    });
  });

  fastify.addHook('onRequest', (request: EventsRequest, reply, done) => {
    if (request.method !== 'POST' || request.url.split('?')[0] !== eventsPath) {
      done();
      return;
    }
    const declared = Number(request.headers['content-length'] ?? NaN);
    if (declared > largest) {
      refuse(request, reply, tooLarge(declared, largest));
      return;
    }
    // A body that does not say its length may be as large as allowed.
    const release = inFlight.reserve(Number.isNaN(declared) ? largest : declared);
    if (release === null) {
      const message = `more than ${inFlight.most} bytes are being worked on: send it again in a second`;
      refuse(request, reply, problem(429, message, { 'retry-after': '1' }));
      return;
    }
    reply.raw.once('close', release);
    request[originalType] = request.headers['content-type'] ?? '';
    request.headers['content-type'] = rawType;
    done();
  });
}

function tooLarge(bytes: number | string, largest: number): HttpAnswer {
  const message = `the body has ${bytes} bytes, at most ${largest} are taken (MOOLA_MAXIMUM_BODY): send smaller batches`;
  return problem(413, message, { connection: 'close' });
}

/** Answers at once. What is still on its way is read and thrown away, so that the client gets to read the answer. */
function refuse(request: FastifyRequest, reply: FastifyReply, { status, headers, body }: HttpAnswer): void {
  request.raw.resume();
  void reply
    .code(status)
    .headers({ ...headers, connection: 'close' })
    .send(body);
}

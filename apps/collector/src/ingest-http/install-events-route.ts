import { refusalBody, refuse, type Refusal } from '@moola/platform/http/refusal';
import '@moola/platform/http/route-config';
import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { BytesInFlight, type BodyShare } from './bytes-in-flight.js';
import type { EventsEndpoint } from './events-endpoint.js';
import { BodyError, receiveBody, type BodyFailure, type BodyLimits } from './receive-body.js';

/** Where events are sent. */
export const eventsPath = '/v1/events';

export interface EventsRouteLimits extends BodyLimits {
  /** Bodies that are read or worked on at once, in bytes. */
  readonly maximumBytesInFlight: number;
}

/**
 * `POST /v1/events`: a route with a parser of its own, which hands every body over as bytes, within limits. Other routes,
 * and other ways to write this one's address, are the framework's business.
 * @param environment that events go into
 */
export function installEventsRoute(
  fastify: FastifyInstance,
  endpoint: EventsEndpoint,
  environment: string,
  limits: EventsRouteLimits,
): void {
  const inFlight = new BytesInFlight(limits.maximumBytesInFlight);
  const shares = new WeakMap<FastifyRequest, BodyShare>();
  const refusals = bodyRefusals(limits);

  void fastify.register((scope, _options, ready) => {
    scope.addHook('onRequest', (request, reply, done) => {
      const meant = (request.query as EventsQuery).environment;
      if (meant !== undefined && meant !== environment) return refuse(request, reply, otherThan(environment));
      const declared = Number(request.headers['content-length'] ?? 0);
      const share = inFlight.share();
      if (declared > limits.maximumBodyBytes) return refuseBody(request, reply, 'too large');
      if (!share.fits(declared)) return refuseBody(request, reply, 'no room');
      shares.set(request, share);
      reply.raw.once('close', () => share.release());
      done();
    });

    const refuseBody = (request: FastifyRequest, reply: FastifyReply, failure: BodyFailure): void => {
      refuse(request, reply, refusals[failure]);
    };

    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (request: FastifyRequest, payload: Readable) =>
      receiveBody(payload, shares.get(request) ?? inFlight.share(), limits),
    );

    scope.setErrorHandler((error: Error & { readonly statusCode?: number }, request, reply) => {
      if (error instanceof BodyError) return refuseBody(request, reply, error.failure);
      const status = error.statusCode ?? 500;
      if (status >= 500) throw error;
      reply.code(status).send(refusalBody(status, error.message));
    });

    scope.post<{ Querystring: EventsQuery }>(eventsPath, { config: { environment } }, async (request, reply) => {
      const { answers = '' } = request.query;
      const answer = await endpoint.handle({
        contentType: request.headers['content-type'] ?? '',
        contentEncoding: request.headers['content-encoding'] ?? '',
        body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
        answers: String(answers),
      });
      return reply
        .code(answer.status)
        .headers({ ...answer.headers })
        .send(answer.body);
    });
    ready();
  });
}

interface EventsQuery {
  readonly answers?: unknown;
  /** Where the sender wants its events to go, if it says so. */
  readonly environment?: unknown;
}

/** Events that were meant for another environment would be counted as this one's. */
function otherThan(environment: string): Refusal {
  const message = `this address takes events of the environment "${environment}", and the request names another one`;
  return { status: 404, reason: 'environment', message };
}

function bodyRefusals(limits: EventsRouteLimits): Readonly<Record<BodyFailure, Refusal>> {
  const { maximumBodyBytes, maximumBytesInFlight } = limits;
  return {
    'too large': {
      ...{ status: 413, reason: 'body-too-large' },
      message: `the body is larger than ${maximumBodyBytes} bytes (MOOLA_MAXIMUM_BODY): send smaller batches`,
    },
    'no room': {
      ...{ status: 429, reason: 'too-many-bytes' },
      message: `more than ${maximumBytesInFlight} bytes are being worked on: send it again in a second`,
      headers: { 'retry-after': '1' },
    },
    stalled: { status: 408, reason: 'body-stalled', message: 'the body stopped arriving: send it again' },
    'broken off': { status: 400, reason: 'body-broken-off', message: 'the body broke off' },
  };
}

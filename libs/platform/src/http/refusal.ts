import { STATUS_CODES } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import './route-config.js';

/** Why a request is refused before its body is worked on: a label of `moola_http_refusals_total`, so the list is finite. */
export type RefusalReason =
  // Who asks, and by which name.
  | 'host'
  | 'foreign-page'
  // No token, or one that nobody knows; one that has expired or was revoked; none can be told yet.
  | 'token'
  | 'token-ended'
  | 'tokens-unread'
  // What the token may not do, or where.
  | 'role'
  | 'environment'
  | 'unlisted-route'
  // What is sent: a body …
  | 'body-too-large'
  | 'too-many-bytes'
  | 'body-stalled'
  | 'body-broken-off'
  // … or what never became a request.
  | 'headers-too-large'
  | 'too-slow'
  | 'not-http';

export interface Refusal {
  readonly status: number;
  readonly reason: RefusalReason;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The shape in which Nest answers errors as well. */
export interface RefusalBody {
  readonly statusCode: number;
  readonly error: string | undefined;
  readonly message: string;
}

export function refusalBody(statusCode: number, message: string): RefusalBody {
  return { statusCode, error: STATUS_CODES[statusCode], message };
}

/**
 * Answers before the body was read. What is still on its way is read and thrown away, so that the client gets to read the
 * answer; the limit on a request's time ends a client that never stops.
 */
export function refuse(request: FastifyRequest, reply: FastifyReply, refusal: Refusal): void {
  const { status, reason, message, headers = {} } = refusal;
  request.refusedFor = reason;
  request.raw.resume();
  const hasBody = request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length']) > 0;
  void reply
    .code(status)
    .headers({ ...headers, ...(hasBody && { connection: 'close' }) })
    .send(refusalBody(status, message));
}

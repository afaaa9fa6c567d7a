import { STATUS_CODES } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';

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
export function refuse(
  request: FastifyRequest,
  reply: FastifyReply,
  statusCode: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  request.raw.resume();
  const hasBody = request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length']) > 0;
  void reply
    .code(statusCode)
    .headers({ ...headers, ...(hasBody && { connection: 'close' }) })
    .send(refusalBody(statusCode, message));
}

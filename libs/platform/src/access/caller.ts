import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Subject } from '../auth/subject.js';

/** What is known of a request's sender. */
interface Admitted {
  readonly subject: Subject;
  /** Asks again, for what goes on long after the request has begun: false once the token has expired or was revoked. */
  readonly stillHolds: () => Promise<boolean>;
}

const admitted = new WeakMap<object, Admitted>();

/** Keeps who sends a request, for its handler. */
export function admit(request: FastifyRequest, sender: Admitted): void {
  admitted.set(request.raw, sender);
}

/** Who sends a request that was let in. @throws for a request that was not */
export function senderOf(request: FastifyRequest): Admitted {
  const sender = admitted.get(request.raw);
  if (sender === undefined) throw new Error('a request is handled that was not admitted');
  return sender;
}

/** Who has sent a request, as far as that was found out. */
export const admittedSender = (request: FastifyRequest): Subject | undefined => admitted.get(request.raw)?.subject;

/** A parameter of a controller's method: who asks. */
export const Caller = createParamDecorator(
  (_: unknown, context: ExecutionContext): Subject =>
    senderOf(context.switchToHttp().getRequest<FastifyRequest>()).subject,
);

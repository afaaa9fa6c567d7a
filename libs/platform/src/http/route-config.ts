import type {} from 'fastify';
import type { RefusalReason } from './refusal.js';

declare module 'fastify' {
  /** What a route says of itself, where it is declared. */
  interface FastifyContextConfig {
    /** Answers without a token: health, and the page, which asks for the token. */
    readonly withoutToken?: true;
    /** Answers whatever host is asked for: probes use the address of a pod. */
    readonly anyHost?: true;
  }
  interface FastifyRequest {
    /** Set when it is refused. */
    refusedFor?: RefusalReason;
  }
}

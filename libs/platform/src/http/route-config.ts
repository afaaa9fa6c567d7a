import type {} from 'fastify';
import type { RefusalReason } from './refusal.js';

declare module 'fastify' {
  /** What a route says of itself, where it is declared. Who may ask it stands in `access/route-access.ts`. */
  interface FastifyContextConfig {
    /** The environment that it concerns, where its path names none. */
    readonly environment?: string;
  }
  interface FastifyRequest {
    /** Set when it is refused. */
    refusedFor?: RefusalReason;
  }
}

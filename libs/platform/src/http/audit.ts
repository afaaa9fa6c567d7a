import type { FastifyInstance } from 'fastify';
import { admittedSender } from '../access/caller.js';
import type { AccessTable } from '../access/find-access.js';

/** That somebody asked for something that not everybody may. */
export interface AuditEntry {
  /** Empty where no authentication is configured. */
  readonly who: string;
  readonly by: 'none' | 'configured token' | 'api token';
  readonly role: string;
  readonly method: string;
  /** The path that was asked, without its query. */
  readonly path: string;
  /** 403: it was refused. */
  readonly status: number;
}

/**
 * Tells of every request to a route that asks for the role operator or admin, once it is answered: what was changed, what
 * was refused, and which dead letters were opened.
 */
export function auditRequests(fastify: FastifyInstance, access: AccessTable, tell: (entry: AuditEntry) => void): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    const { method, routeOptions, url } = request;
    const role = access.of(method, routeOptions.url)?.role;
    const sender = admittedSender(request);
    if (sender !== undefined && (role === 'operator' || role === 'admin')) {
      const path = url.split('?', 1)[0] ?? '';
      tell({ who: sender.name, by: sender.by, role: sender.role, method, path, status: reply.statusCode });
    }
    done();
  });
}

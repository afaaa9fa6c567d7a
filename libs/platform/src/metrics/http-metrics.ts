import type { FastifyInstance } from 'fastify';
import type { RefusalReason } from '../http/refusal.js';
import '../http/route-config.js';
import type { Metrics } from './metrics.js';

/** What HTTP clients asked, and what they were answered. */
export class HttpMetrics {
  private readonly requests;
  private readonly seconds;
  private readonly refusals;

  constructor(metrics: Metrics) {
    this.requests = metrics.counter({
      name: 'moola_http_requests_total',
      help: 'HTTP requests that were answered, by the template of their route (none: no route has this address) and status.',
      labels: ['method', 'route', 'status'] as const,
    });
    this.seconds = metrics.histogram({
      name: 'moola_http_request_duration_seconds',
      help: 'From the head of a request to the end of its answer; of routes only.',
      labels: ['method', 'route'] as const,
      buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    });
    this.refusals = metrics.counter({
      name: 'moola_http_refusals_total',
      help: 'HTTP requests refused before their body was worked on, by the reason.',
      labels: ['reason'] as const,
    });
  }

  /** Counts what becomes of every request of a server. The labels are bounded by its routes. */
  watch(fastify: FastifyInstance): void {
    fastify.addHook('onResponse', (request, reply, done) => {
      const { url: route } = request.routeOptions;
      // Anybody may make up addresses and methods that are no route.
      const labels = route === undefined ? { method: 'any', route: 'none' } : { method: request.method, route };
      this.requests.inc({ ...labels, status: String(reply.statusCode) });
      if (route !== undefined) this.seconds.observe(labels, reply.elapsedTime / 1000);
      if (request.refusedFor) this.refused(request.refusedFor);
      done();
    });
  }

  refused(reason: RefusalReason): void {
    this.refusals.inc({ reason });
  }
}

import type { InfrastructureMetrics } from './infrastructure-metrics.js';
import type { PrometheusServers } from './prometheus-servers.js';

/** What asking Prometheus servers needs of its process. */
export interface InfrastructureOptions {
  readonly servers: PrometheusServers;
  readonly metrics?: InfrastructureMetrics;
  /** How long one query may take, in milliseconds. @default 10000 */
  readonly timeoutMs?: number;
}

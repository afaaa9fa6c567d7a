import type { Probe } from '../health/probe.js';
import type { Metrics } from './metrics.js';

/** The servers that a process needs. */
export type Server = 'kafka' | 'redis';

/** Whether Kafka and Redis are there, and what their clients have to say. */
export class ConnectionMetrics {
  private readonly notices;

  constructor(private readonly metrics: Metrics) {
    this.notices = metrics.counter({
      name: 'moola_connection_notices_total',
      help: 'What the clients of Kafka and Redis had to say, by its kind: retrying, membership-lost, connection-lost.',
      labels: ['server', 'kind'] as const,
    });
  }

  noticed(server: Server, kind: string): void {
    this.notices.inc({ server, kind });
  }

  /** Shows what probes find. */
  watch(probes: Readonly<Partial<Record<Server, Probe>>>): void {
    const entries = Object.entries(probes) as [Server, Probe][];
    const labels = ['server'] as const;
    this.metrics.watched({
      name: 'moola_connection_up',
      help: '1 while the server answers and can be worked with, else 0.',
      labels,
      values: () => entries.map(([server, probe]) => ({ labels: { server }, value: probe.isUp ? 1 : 0 })),
    });
    this.metrics.watched({
      name: 'moola_connection_silence_seconds',
      help: 'How long ago the server has answered.',
      labels,
      values: () => entries.map(([server, probe]) => ({ labels: { server }, value: probe.silenceSeconds })),
    });
  }
}

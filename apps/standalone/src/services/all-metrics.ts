import { FoldMetrics } from '@moola/console/read-model/fold-metrics';
import { Histories } from '@moola/console/history/histories';
import { HistoryMetrics } from '@moola/console/history/history-metrics';
import { EnvironmentFold } from '@moola/console/read-model/environment-fold';
import { InfrastructureMetrics } from '@moola/collector/infrastructure/infrastructure-metrics';
import { ReceiveMetrics } from '@moola/collector/receive/receive-metrics';
import { ActionOutcome } from '@moola/contracts/gen/moola/v1/actions_pb';
import { SendMetrics } from '@moola/notifier/send/send-metrics';
import { Health } from '@moola/platform/health/health';
import { watchHealth } from '@moola/platform/health/health-metrics';
import { Probe } from '@moola/platform/health/probe';
import { ConnectionMetrics } from '@moola/platform/metrics/connection-metrics';
import { HttpMetrics } from '@moola/platform/metrics/http-metrics';
import { Metrics } from '@moola/platform/metrics/metrics';
import { StreamMetrics } from '@moola/platform/metrics/stream-metrics';
import { ActMetrics } from '@moola/responder/act/act-metrics';

const standing = { withoutAnswerSinceMs: 0, instances: 0, problems: 1 };

/** The metrics of all services in one registry, as somebody would read them who has just started them. */
export function allMetrics(): Promise<string> {
  const metrics = new Metrics('all');
  const probe = new Probe({ name: 'Kafka', ask: async () => null });
  const connections = new ConnectionMetrics(metrics);
  connections.watch({ kafka: probe, redis: probe });
  connections.noticed('kafka', 'retrying');
  watchHealth(new Health(), metrics);
  const streams = new StreamMetrics(metrics);
  streams.of('live', 'tracker').saved({ entries: 1, bytes: 1, durationMs: 1 });
  streams.noticed('live', { task: 'moola.live/tracker/0', kind: 'fenced' });
  streams.ofEffect('live', 'responder/act').performed({ results: 1, durationMs: 1 });
  new ReceiveMetrics(metrics).refusedAt('live', 'http')('malformed');
  const infrastructure = new InfrastructureMetrics(metrics);
  infrastructure.asked('live', 'pods', 'failed');
  infrastructure.took('live', 'pods', 1, 1);
  infrastructure.watch(() => ({ ...standing, environment: 'live', definition: 'pods' }));
  new FoldMetrics(metrics, [new EnvironmentFold('live')], new Set());
  new HistoryMetrics(metrics, new Histories([]));
  new HttpMetrics(metrics).refused('token');
  new SendMetrics(metrics).of('live')({ channel: 'slack/TEAM', outcome: 'delivered' });
  new ActMetrics(metrics).of('live')({ kind: { case: undefined } }, { outcome: ActionOutcome.FAILED });
  return metrics.registry.metrics();
}

import type { Metrics } from '@moola/platform/metrics/metrics';
import type { ReceiveCounts } from './domain/receive-processor.js';

/** What came from foreign producers. A task that reads records again counts them again. */
export class ReceiveMetrics {
  private readonly events;
  private readonly unknownFields;

  constructor(metrics: Metrics) {
    this.events = metrics.counter({
      name: 'moola_events_received_total',
      help: 'Events read from the topic telemetry, by what became of them: accepted, refused.',
      labels: ['environment', 'result'] as const,
    });
    this.unknownFields = metrics.counter({
      name: 'moola_event_fields_ignored_total',
      help: 'Fields of events that this version does not know: a newer producer writes them.',
      labels: ['environment'] as const,
    });
  }

  /** Takes the counts of one environment's tasks. */
  of(environment: string): (counts: ReceiveCounts) => void {
    return ({ accepted, refused, unknownFields }) => {
      this.events.inc({ environment, result: 'accepted' }, accepted);
      this.events.inc({ environment, result: 'refused' }, refused);
      this.unknownFields.inc({ environment }, unknownFields);
    };
  }
}

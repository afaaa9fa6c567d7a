import { deadLetterCounter } from '@moola/platform/metrics/dead-letter-counter';
import type { Metrics } from '@moola/platform/metrics/metrics';
import type { CollectorOptions } from '../collector-options.js';
import type { RefusedReason } from './domain/refused.js';
import type { AdmissionCounts } from './model-admission.js';

/** What came from foreign producers. A task that reads records again counts them again. */
export class ReceiveMetrics {
  private readonly events;
  private readonly unknownFields;
  private readonly deadLetters;
  private readonly undeclared;
  private readonly tooMany;

  constructor(metrics: Metrics) {
    this.deadLetters = deadLetterCounter(metrics);
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
    this.undeclared = metrics.gauge({
      name: 'moola_undeclared_models',
      help: 'Models that nobody declared, of which POST /v1/events takes events.',
    });
    this.tooMany = metrics.counter({
      name: 'moola_undeclared_model_events_refused_total',
      help: 'Events that were refused because they are of one undeclared model too many.',
    });
  }

  /** Takes the counts of the models that a door lets in. */
  get ofModels(): AdmissionCounts {
    return { admitted: (models) => this.undeclared.set(models), refused: () => this.tooMany.inc() };
  }

  /** Takes the counts of one environment's tasks. */
  of(environment: string): Pick<CollectorOptions, 'counted' | 'refusedFor'> {
    return {
      counted: ({ accepted, refused, unknownFields }) => {
        this.events.inc({ environment, result: 'accepted' }, accepted);
        this.events.inc({ environment, result: 'refused' }, refused);
        this.unknownFields.inc({ environment }, unknownFields);
      },
      refusedFor: this.refusedAt(environment, 'telemetry'),
    };
  }

  /** Takes what the join of an environment refuses although it was accepted. */
  refusedByJoin(environment: string): (reason: RefusedReason, events: number) => void {
    return (reason, events) => {
      this.deadLetters.inc({ environment, origin: 'collector/join', reason });
      if (reason === 'too-many-models') this.tooMany.inc(events);
    };
  }

  /** Takes the reasons of what becomes dead letters at a door: `http`, `telemetry`. */
  refusedAt(environment: string, origin: string): (reason: RefusedReason) => void {
    return (reason) => this.deadLetters.inc({ environment, origin, reason });
  }
}

import type { EffectMetrics, TaskMetrics } from '@moola/streams/task-observer';
import type { Metrics } from './metrics.js';

/** What every processor says of its work. */
export class StreamMetrics {
  private readonly rows;
  private readonly repeated;
  private readonly checkpoints;
  private readonly checkpointBytes;
  private readonly checkpointSeconds;
  private readonly intents;
  private readonly intentSeconds;

  constructor(metrics: Metrics) {
    const labels = ['environment', 'processor'] as const;
    this.rows = metrics.counter({ name: 'moola_rows_applied_total', help: 'Rows applied by a processor.', labels });
    this.repeated = metrics.counter({
      name: 'moola_rows_repeated_total',
      help: 'Rows dropped because they were counted before: a writer computed them twice.',
      labels,
    });
    this.checkpoints = metrics.counter({ name: 'moola_checkpoints_total', help: 'Checkpoints saved.', labels });
    this.checkpointBytes = metrics.counter({
      name: 'moola_checkpoint_bytes_total',
      help: 'Bytes of entries written by checkpoints.',
      labels,
    });
    this.checkpointSeconds = metrics.histogram({
      name: 'moola_checkpoint_duration_seconds',
      help: 'How long a checkpoint took.',
      labels,
      buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2],
    });
    const ofEffect = ['environment', 'effect'] as const;
    this.intents = metrics.counter({
      name: 'moola_intents_performed_total',
      help: 'Actions and deliveries that were carried out or answered.',
      labels: ofEffect,
    });
    this.intentSeconds = metrics.histogram({
      name: 'moola_intent_duration_seconds',
      help: 'How long an action or a delivery took.',
      labels: ofEffect,
      buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    });
  }

  /** The observer of one effect. */
  ofEffect(environment: string, effect: string): EffectMetrics {
    const labels = { environment, effect };
    return {
      performed: ({ durationMs }) => {
        this.intents.inc(labels);
        this.intentSeconds.observe(labels, durationMs / 1000);
      },
    };
  }

  /** The observer of one processor's tasks. */
  of(environment: string, processor: string): TaskMetrics {
    const labels = { environment, processor };
    return {
      applied: ({ applied, repeated }) => {
        this.rows.inc(labels, applied);
        if (repeated > 0) this.repeated.inc(labels, repeated);
      },
      saved: ({ bytes, durationMs }) => {
        this.checkpoints.inc(labels);
        this.checkpointBytes.inc(labels, bytes);
        this.checkpointSeconds.observe(labels, durationMs / 1000);
      },
    };
  }
}

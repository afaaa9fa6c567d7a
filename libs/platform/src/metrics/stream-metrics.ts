import type { EffectMetrics, TaskMetrics, TaskNotice } from '@moola/streams/task/task-observer';
import { deadLetterCounter } from './dead-letter-counter.js';
import type { Metrics } from './metrics.js';
import { TaskGauges } from './task-gauges.js';

/** What every processor says of its work. */
export class StreamMetrics {
  private readonly rows;
  private readonly repeated;
  private readonly checkpoints;
  private readonly checkpointBytes;
  private readonly checkpointSeconds;
  private readonly intents;
  private readonly intentSeconds;
  private readonly notices;
  private readonly deadLetters;
  /** How the tasks stand at the moment. */
  readonly tasks: TaskGauges;

  constructor(metrics: Metrics) {
    this.tasks = new TaskGauges(metrics);
    this.deadLetters = deadLetterCounter(metrics);
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
    this.notices = metrics.counter({
      name: 'moola_task_notices_total',
      help: 'Notices of tasks, by their kind: what an operator should hear of.',
      labels: ['environment', 'processor', 'kind'] as const,
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

  noticed(environment: string, { task, kind }: TaskNotice): void {
    const processor = task.slice(`moola.${environment}/`.length, task.lastIndexOf('/'));
    this.notices.inc({ environment, processor, kind });
    if (kind === 'poison') this.deadLetters.inc({ environment, origin: processor, reason: 'poison' });
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

import type { Metrics } from '@moola/platform/metrics/metrics';

/** How one definition fares. */
export interface AskingStanding {
  readonly environment: string;
  readonly definition: string;
  /** Since when it has given no instances, milliseconds since the epoch: its last answer, or when this process began to ask. */
  readonly withoutAnswerSinceMs: number;
  readonly instances: number;
  readonly problems: number;
}

/** What asking Prometheus servers gives. */
export class InfrastructureMetrics {
  private readonly rounds;
  private readonly samples;
  private readonly dropped;
  private readonly standings = new Set<() => AskingStanding>();

  constructor(metrics: Metrics) {
    const labels = ['environment', 'definition'] as const;
    this.rounds = metrics.counter({
      name: 'moola_collector_infrastructure_rounds_total',
      help: 'How often a Prometheus server was asked for a definition, by what came of it: answered, empty, failed.',
      labels: ['environment', 'definition', 'result'] as const,
    });
    this.samples = metrics.counter({
      name: 'moola_collector_infrastructure_samples_total',
      help: 'Samples of instances that were written into intake.',
      labels,
    });
    this.dropped = metrics.counter({
      name: 'moola_collector_infrastructure_values_dropped_total',
      help: 'Values of answers that were not taken: no number, no ratio, no instance.',
      labels,
    });
    metrics.watched({
      name: 'moola_collector_infrastructure_without_answer_seconds',
      help: 'How long a definition has given no instances.',
      labels,
      values: () => this.each(({ withoutAnswerSinceMs }) => Math.max(0, (Date.now() - withoutAnswerSinceMs) / 1000)),
    });
    metrics.watched({
      name: 'moola_collector_infrastructure_instances',
      help: 'Instances of the last answer.',
      labels,
      values: () => this.each(({ instances }) => instances),
    });
    metrics.watched({
      name: 'moola_collector_infrastructure_problems',
      help: 'What was wrong with the last answer: moola instances says it in words.',
      labels,
      values: () => this.each(({ problems }) => problems),
    });
  }

  /** Shows how a definition stands until the answer is called. */
  watch(standing: () => AskingStanding): () => void {
    this.standings.add(standing);
    return () => this.standings.delete(standing);
  }

  asked(environment: string, definition: string, result: 'answered' | 'empty' | 'failed'): void {
    this.rounds.inc({ environment, definition, result });
  }

  took(environment: string, definition: string, samples: number, dropped: number): void {
    this.samples.inc({ environment, definition }, samples);
    this.dropped.inc({ environment, definition }, dropped);
  }

  private each(value: (standing: AskingStanding) => number) {
    return [...this.standings].map((stand) => {
      const standing = stand();
      const { environment, definition } = standing;
      return { labels: { environment, definition }, value: value(standing) };
    });
  }
}

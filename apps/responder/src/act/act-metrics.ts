import { ActionOutcome, type ActionIntent, type ActionResult } from '@moola/contracts/gen/moola/v1/actions_pb';
import type { Metrics } from '@moola/platform/metrics/metrics';

/** Told of every action that was carried out or answered. */
export type Acted = (intent: Pick<ActionIntent, 'kind'>, result: Pick<ActionResult, 'outcome'>) => void;

const kinds = { moveAlias: 'move-alias' } as const satisfies Record<NonNullable<ActionIntent['kind']['case']>, string>;

const outcomes: Readonly<Record<ActionOutcome, string>> = {
  [ActionOutcome.UNSPECIFIED]: 'unknown',
  [ActionOutcome.DONE]: 'done',
  [ActionOutcome.FAILED]: 'failed',
  [ActionOutcome.EXPIRED]: 'expired',
  [ActionOutcome.UNKNOWN]: 'unknown',
  [ActionOutcome.RETRYABLE]: 'retryable',
};

/** What became of actions. One that a crash interrupted is carried out, and counted, again. */
export class ActMetrics {
  private readonly actions;

  constructor(metrics: Metrics) {
    this.actions = metrics.counter({
      name: 'moola_actions_total',
      help: 'Actions that were carried out or answered, by kind and outcome: done, failed, expired, unknown, retryable.',
      labels: ['environment', 'kind', 'outcome'] as const,
    });
  }

  /** Takes the actions of one environment. */
  of(environment: string): Acted {
    return ({ kind }, { outcome }) =>
      this.actions.inc({
        ...{ environment, outcome: outcomes[outcome] },
        kind: kind.case === undefined ? 'unknown' : kinds[kind.case],
      });
  }
}

import type { AlertTransition, IngestionCounts, Snapshot } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { MeasuredSamples } from '../story/rule-evaluations.js';

/** An alert's change of state, and when. */
export interface TransitionFact {
  readonly atMs: number;
  readonly alert: AlertTransition;
}

/** What the tracker's snapshots say of one model, as far as a backtest needs it. */
export class ModelFacts {
  readonly transitions: TransitionFact[] = [];
  readonly samples = new MeasuredSamples();
  /** `null`: nothing was seen of it. */
  counts: IngestionCounts | null = null;
  hasKnownGood = false;

  take(snapshot: Snapshot): void {
    const { kind, atMs } = snapshot;
    switch (kind.case) {
      case 'alert':
        this.transitions.push({ atMs, alert: kind.value });
        return;
      case 'window':
        this.samples.take(snapshot);
        return;
      case 'counts':
        this.counts = kind.value;
        return;
      case 'budget':
        this.hasKnownGood ||= kind.value.knownGood;
        return;
      default:
        return;
    }
  }
}

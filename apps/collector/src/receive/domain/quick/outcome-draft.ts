import { PlainOutcome } from '@moola/contracts/plain-outcome';
import type { EventRow } from '@moola/contracts/rows';
import { isWithin, numberLimits } from '@moola/contracts/telemetry-numbers';
import type { TimeRange } from '../checks.js';

/** An outcome while it is being read; its texts are printable and short enough, its value finite, `NaN` if absent. */
export class OutcomeDraft {
  model = '';
  /** Already replaced where identifiers are. */
  input = '';
  seconds = NaN;
  nanos = 0;
  truth = '';
  value = NaN;
  revision = 0;

  clear(): void {
    this.model = '';
    this.input = '';
    this.seconds = NaN;
    this.nanos = 0;
    this.truth = '';
    this.value = NaN;
    this.revision = 0;
  }

  /** The row; `null` unless the outcome is plainly valid. */
  row(id: string, source: string, range: TimeRange): EventRow | null {
    const { model, input, truth, value, revision, seconds, nanos } = this;
    if (model === '' || input === '' || (truth === '' && Number.isNaN(value))) return null;
    if (!isWithin(value, numberLimits.outcome.value)) return null;
    const timeMs = seconds * 1000 + Math.floor(nanos / 1_000_000);
    // NaN is in no range.
    if (!(timeMs >= range.fromMs && timeMs <= range.untilMs)) return null;
    const numeric = Number.isNaN(value) ? undefined : value;
    const plain = new PlainOutcome(id, source, model, input, seconds, nanos, truth, numeric, revision);
    // What is done at the doors is done with the event.
    return { kind: 'event', event: plain.event };
  }
}

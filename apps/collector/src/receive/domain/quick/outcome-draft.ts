import type { Event, Outcome } from '@moola/contracts/gen/moola/v1/telemetry_pb';
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
    const outcome: Outcome = {
      $typeName: 'moola.v1.Outcome',
      model,
      input,
      knownAt: { $typeName: 'google.protobuf.Timestamp', seconds: BigInt(seconds), nanos },
      truth,
      revision,
    };
    if (!Number.isNaN(value)) outcome.value = value;
    const event: Event = { $typeName: 'moola.v1.Event', id, source, kind: { case: 'outcome', value: outcome } };
    return { kind: 'event', event };
  }
}

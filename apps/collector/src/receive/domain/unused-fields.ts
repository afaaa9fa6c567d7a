import { isEmpty } from '@moola/contracts/columns/segments';
import type { EventRow, IntakeRow, PredictionRow } from '@moola/contracts/rows';

/** What is taken in and kept in the log, and rests there: nothing is computed of it yet. */
const unused = [
  'prediction.build',
  'prediction.value',
  'prediction.experimentArm',
  'prediction.features',
  'prediction.unit',
  'outcome.value',
  'measurement.version',
  'measurement.subject',
] as const;
type Unused = (typeof unused)[number];

/** Which fields and kinds of accepted events nothing uses yet: their sender is told. */
export class UnusedFields {
  private readonly found = new Set<Unused>();

  add(row: IntakeRow): void {
    if (row.kind === 'prediction') this.addPrediction(row);
    else this.addEvent(row);
  }

  /** In the order of the table. */
  names(): readonly string[] {
    return unused.filter((name) => this.found.has(name));
  }

  private addPrediction(row: PredictionRow): void {
    this.mark('prediction.build', row.build !== '');
    // Beside a class: an answer is one or the other.
    this.mark('prediction.value', row.class !== '' && !Number.isNaN(row.value));
    this.mark('prediction.experimentArm', row.arm !== '');
    this.mark('prediction.features', !isEmpty(row.features));
    this.mark('prediction.unit', row.unit !== '');
  }

  private addEvent({ event: { kind } }: EventRow): void {
    switch (kind.case) {
      case 'outcome':
        this.mark('outcome.value', kind.value.truth !== '' && kind.value.value !== undefined);
        return;
      case 'measurement':
        this.mark('measurement.version', kind.value.version !== '');
        this.mark('measurement.subject', kind.value.subject !== '');
        return;
      default:
        return;
    }
  }

  private mark(name: Unused, isThere: boolean): void {
    if (isThere) this.found.add(name);
  }
}

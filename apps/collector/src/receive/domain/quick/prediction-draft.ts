import { noNumbers } from '@moola/contracts/columns/named-numbers';
import type { PredictionRow } from '@moola/contracts/rows';
import { isWithin, numberLimits } from '@moola/contracts/telemetry-numbers';
import type { TimeRange } from '../checks.js';
import { featureLimits } from '../limits.js';
import { DraftFields } from './prediction-code.js';

const limits = numberLimits.prediction.features;

/**
 * A prediction while it is being read. Its texts are printable and short enough, its identifiers replaced where they are
 * to be, its numbers finite, `NaN` if absent.
 */
export class PredictionDraft extends DraftFields {
  private collected: Record<string, number> = {};
  private featureCount = 0;

  /** @returns false for a key that no row may have, and when there are too many */
  addFeature(key: string, value: number): boolean {
    if (key === '' || key === '__proto__' || key.length > featureLimits.key) return false;
    if (!isWithin(value, limits)) return false;
    if (this.features === noNumbers) {
      this.collected = {};
      this.features = this.collected;
      this.featureCount = 0;
    }
    this.collected[key] = value;
    return ++this.featureCount <= featureLimits.entries;
  }

  /** The row; `null` unless the prediction is plainly valid. */
  row(id: string, source: string, range: TimeRange): PredictionRow | null {
    return this.isWrong(range) ? null : this.toRow(id, source);
  }
}

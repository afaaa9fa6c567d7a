import { noFeatures } from '@moola/contracts/columns/features';
import { noSegments, type Segments } from '@moola/contracts/columns/segments';
import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { PredictionRow } from '@moola/contracts/rows';
import { isWithin, numberLimits } from '@moola/contracts/telemetry-numbers';
import type { TimeRange } from '../checks.js';
import { featureLimits } from '../limits.js';

const limits = numberLimits.prediction;

/** A prediction while it is being read. Its texts are printable and short enough, its numbers finite, `NaN` if absent. */
export class PredictionDraft {
  model = '';
  version = '';
  build = '';
  role: Role = Role.UNSPECIFIED;
  /** Already replaced where identifiers are. */
  input = '';
  timeMs = NaN;
  class = '';
  value = NaN;
  score = NaN;
  latencyMs = NaN;
  costUsd = NaN;
  error = '';
  segments: Segments = noSegments;
  arm = '';
  features: Readonly<Record<string, number>> = noFeatures;
  private collected: Record<string, number> = {};
  private featureCount = 0;

  clear(): void {
    this.model = '';
    this.version = '';
    this.build = '';
    this.role = Role.UNSPECIFIED;
    this.input = '';
    this.timeMs = NaN;
    this.class = '';
    this.value = NaN;
    this.score = NaN;
    this.latencyMs = NaN;
    this.costUsd = NaN;
    this.error = '';
    this.segments = noSegments;
    this.arm = '';
    this.features = noFeatures;
  }

  /** @returns false for a key that no row may have, and when there are too many */
  addFeature(key: string, value: number): boolean {
    if (key === '' || key === '__proto__' || key.length > featureLimits.key) return false;
    if (!isWithin(value, limits.features)) return false;
    if (this.features === noFeatures) {
      this.collected = {};
      this.features = this.collected;
      this.featureCount = 0;
    }
    this.collected[key] = value;
    return ++this.featureCount <= featureLimits.entries;
  }

  /** The row; `null` unless the prediction is plainly valid. */
  row(id: string, source: string, range: TimeRange): PredictionRow | null {
    const { model, version, input, timeMs, score } = this;
    if (model === '' || version === '' || input === '') return null;
    // NaN is in no range.
    if (!(timeMs >= range.fromMs && timeMs <= range.untilMs)) return null;
    if (score < 0 || score > 1 || !isWithin(this.latencyMs, limits.latencyMs)) return null;
    if (!isWithin(this.costUsd, limits.costUsd) || !isWithin(this.value, limits.value)) return null;
    return {
      kind: 'prediction',
      id,
      source,
      model,
      version,
      build: this.build,
      role: this.role === Role.UNSPECIFIED ? Role.PRIMARY : this.role,
      input,
      timeMs,
      class: this.class,
      value: this.value,
      score,
      latencyMs: this.latencyMs,
      costUsd: this.costUsd,
      error: this.error,
      segments: this.segments,
      arm: this.arm,
      features: this.features,
    };
  }
}

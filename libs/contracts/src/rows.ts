import type { RowOf } from './columns/column.js';
import type { labelledColumns } from './columns/labelled-columns.js';
import type { predictionColumns } from './columns/prediction-columns.js';
import type { Refusal } from './gen/moola/v1/rows_pb.js';
import type { Event } from './gen/moola/v1/telemetry_pb.js';

/** A prediction as it travels on `intake` and `observations`: validated, its input anonymised where asked for. */
export interface PredictionRow extends RowOf<typeof predictionColumns> {
  readonly kind: 'prediction';
}

/** Any other event of `telemetry.proto` (outcome, deployment, training progress, infrastructure sample). */
export interface EventRow {
  readonly kind: 'event';
  readonly event: Event;
}

export type IntakeRow = PredictionRow | EventRow;

/**
 * A prediction whose truth is known. When an outcome arrives, all versions' rows for its input follow each other and
 * share `group`, so that pairs stand side by side.
 */
export interface LabelledRow extends RowOf<typeof labelledColumns> {
  readonly kind: 'labelled';
}

export interface RefusalRow {
  readonly kind: 'refusal';
  readonly refusal: Refusal;
}

export type ObservationRow = PredictionRow | LabelledRow | EventRow | RefusalRow;

import { PredictionColumnsSchema } from '../gen/moola/v1/rows_pb.js';
import type { PredictionRow } from '../rows.js';
import { columnsCode, type ColumnsReader, type ColumnsView, type ColumnsWriter } from './columns-code.js';
import { predictionColumns } from './prediction-columns.js';

const code = columnsCode<typeof predictionColumns, PredictionRow>(
  'prediction',
  predictionColumns,
  PredictionColumnsSchema,
);

/** The columns of a record's predictions. */
export const PredictionsReader = code.Reader;
export type PredictionsReader = ColumnsReader<typeof predictionColumns>;
/** A prediction that lies in columns. */
export const PredictionView = code.View;
export type PredictionView = PredictionRow & ColumnsView<typeof predictionColumns>;
export const PredictionsWriter = code.Writer;
export type PredictionsWriter = ColumnsWriter<PredictionRow>;
export const plainPrediction = code.plain;

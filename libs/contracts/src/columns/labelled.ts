import { LabelledColumnsSchema } from '../gen/moola/v1/rows_pb.js';
import type { LabelledRow } from '../rows.js';
import { columnsCode, type ColumnsReader, type ColumnsWriter } from './columns-code.js';
import { labelledColumns } from './labelled-columns.js';

const code = columnsCode<typeof labelledColumns, LabelledRow>('labelled', labelledColumns, LabelledColumnsSchema);

/** The columns of a record's labelled predictions. */
export const LabelledReader = code.Reader;
export type LabelledReader = ColumnsReader<typeof labelledColumns>;
/** A labelled prediction that lies in columns. */
export const LabelledView = code.View;
export const LabelledWriter = code.Writer;
export type LabelledWriter = ColumnsWriter<LabelledRow>;
export const plainLabelled = code.plain;

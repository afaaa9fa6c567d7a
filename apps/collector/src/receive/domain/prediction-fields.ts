import type { Column, ColumnType } from '@moola/contracts/columns/column';
import { predictionColumns, type TakenColumn } from '@moola/contracts/columns/prediction-columns';
import { fieldClassOf } from '@moola/contracts/field-class';
import { FieldClass } from '@moola/contracts/gen/moola/v1/options_pb';
import { PredictionSchema } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { NumberLimits } from '@moola/contracts/number-limits';
import { numberLimits } from '@moola/contracts/telemetry-numbers';

/** A field of `Prediction`, and the column that it becomes. */
export interface PredictionField extends TakenColumn {
  /** Of the column, as rows name it. */
  readonly name: string;
  readonly type: ColumnType;
  /** In JSON. */
  readonly json: string;
  /** As a column of a file, such as `latency_ms`. */
  readonly inFiles: string;
  readonly number: number;
  /** Whether it may point at a person, and is replaced. */
  readonly isIdentifier: boolean;
  /** Of a number, or of those of a map. */
  readonly limits: NumberLimits;
}

const numbers: Readonly<Record<string, NumberLimits>> = numberLimits.prediction;
const noLimits: NumberLimits = { least: -Infinity, most: Infinity, unit: '' };

function isTaken(column: Column<ColumnType, unknown>): column is Column<ColumnType, unknown> & TakenColumn {
  return 'from' in column;
}

/** By number of the field. */
export const predictionFields: readonly PredictionField[] = Object.entries(predictionColumns)
  .flatMap(([name, column]) => {
    if (!isTaken(column)) return [];
    const field = PredictionSchema.field[column.from];
    const isIdentifier = fieldClassOf(field) === FieldClass.IDENTIFIER;
    const limits = numbers[column.from] ?? noLimits;
    return [{ ...column, name, json: field.jsonName, inFiles: field.name, number: field.number, isIdentifier, limits }];
  })
  .sort((a, b) => a.number - b.number);

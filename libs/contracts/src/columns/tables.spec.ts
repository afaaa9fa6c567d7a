import type { DescMessage } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { LabelledColumnsSchema, PredictionColumnsSchema } from '../gen/moola/v1/rows_pb.js';
import type { ColumnTable } from './column.js';
import { columnsCode } from './columns-code.js';
import { labelledColumns } from './labelled-columns.js';
import { predictionColumns } from './prediction-columns.js';

const tables: [string, ColumnTable, DescMessage][] = [
  ['predictionColumns', predictionColumns, PredictionColumnsSchema],
  ['labelledColumns', labelledColumns, LabelledColumnsSchema],
];

describe.each(tables)('%s', (_, table, message) => {
  it('has each field of the message once', () => {
    const fields = message.fields.map(({ localName }) => localName);
    const own = Object.values(table).map(({ field }) => field);
    expect([...own, 'segmentsDictionary'].sort()).toEqual(fields.sort());
  });

  it('has one column whose length tells how many rows there are', () => {
    expect(Object.values(table).filter(({ type }) => type === 'time')).toHaveLength(1);
  });
});

it('says which field a message lacks', () => {
  const table = { unknown: { type: 'text', field: 'unknowns' } } as const;
  expect(() => columnsCode('prediction', table, PredictionColumnsSchema)).toThrow(
    'moola.v1.PredictionColumns has no field unknowns for the column unknown',
  );
});

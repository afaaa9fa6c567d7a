import type { Column, ColumnType, Rollup, RollupColumn } from './table.js';

const of =
  (type: ColumnType) =>
  (name: string, text: string): Column => ({ name, type, text });

export const text = of('text');
export const number = of('number');
export const count = of('count');
export const instant = of('instant');
export const boolean = of('boolean');
export const json = of('json');

/** A column of a rollup: how it is carried over into longer buckets. */
export const rolled = (rollup: Rollup, column: Column): RollupColumn => ({ ...column, rollup });

/** Columns that many tables have. */
export const model = text('model', 'The model.');
export const version = text('version', 'The version; empty where it is about none.');
export const role = text('role', 'primary, shadow, canary or unknown.');
export const subjectColumns = [
  text('subjectKind', 'job, instance or measurement; empty on a version.'),
  text('subject', 'Which one; empty on a version.'),
];

import type { ColumnType } from '@moola/contracts/columns/column';
import { noNumbers } from '@moola/contracts/columns/named-numbers';
import { noSegments } from '@moola/contracts/columns/segments';
import { compile } from '@moola/contracts/compile';
import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { PredictionRow } from '@moola/contracts/rows';
import { most } from '../limits.js';
import { predictionFields, type PredictionField } from '../prediction-fields.js';
import { predictionFieldNumbers } from './known-fields.js';
import type { PredictionDraft } from './prediction-draft.js';
import type { QuickValues } from './quick-values.js';
import { wireType } from './wire.js';
import type { WireFields } from './wire-fields.js';

/** The code that a field comes to, by the type of its column; `draft` is a `PredictionDraft`. */
interface FieldCode {
  readonly wireType: number;
  /** What a draft has before it is read. */
  readonly empty: string;
  /** Reads it from `fields`, a `WireFields`, up to `end`. */
  protobuf(field: PredictionField): string;
  /** Reads it from `value`, by `values`, a `QuickValues`. */
  json(field: PredictionField): string;
  /** Whether what was read is plainly wrong. */
  wrong?(field: PredictionField): string;
  /** Its value in the row. */
  row?(field: PredictionField): string;
}

const text: FieldCode = {
  wireType: wireType.delimited,
  empty: `''`,
  protobuf: ({ name, isIdentifier, longest }) => {
    if (isIdentifier) return `draft.${name} = fields.identifier(end, ${longest});`;
    return `draft.${name} = ${longest === most.name ? 'fields.name(end)' : `fields.text(end, ${longest})`};`;
  },
  json: ({ name, isIdentifier, longest }) =>
    `draft.${name} = values.${isIdentifier ? 'identifier' : 'text'}(value, ${longest});`,
  wrong: ({ name, example }) => (example === undefined ? 'false' : `this.${name} === ''`),
};

const code: Readonly<Record<ColumnType, FieldCode>> = {
  text,
  unique: text,
  run: text,
  word: text,
  number: {
    wireType: wireType.bit64,
    empty: 'NaN',
    protobuf: ({ name }) => `draft.${name} = fields.wire.double(end);`,
    json: ({ name }) => `draft.${name} = values.number(value);`,
    // Absent, NaN, is neither.
    wrong: ({ name, limits: { least, most: largest } }) => `this.${name} < ${least} || this.${name} > ${largest}`,
  },
  time: {
    wireType: wireType.delimited,
    empty: 'NaN',
    // A second one would be merged into the first.
    protobuf: ({ name }) =>
      `if (!Number.isNaN(draft.${name})) fields.wire.needsFallback = true; draft.${name} = fields.millis(end);`,
    json: ({ name }) => `draft.${name} = values.millis(value);`,
    // NaN is in no range.
    wrong: ({ name }) => `!(this.${name} >= range.fromMs && this.${name} <= range.untilMs)`,
  },
  role: {
    wireType: wireType.varint,
    empty: String(Role.UNSPECIFIED),
    protobuf: ({ name }) => `draft.${name} = fields.role(end);`,
    json: ({ name }) => `draft.${name} = values.role(value);`,
    row: ({ name }) => `this.${name} === ${Role.UNSPECIFIED} ? ${Role.PRIMARY} : this.${name}`,
  },
  segments: {
    wireType: wireType.delimited,
    empty: 'noSegments',
    protobuf: () => 'set = fields.segment(set, end);',
    json: ({ name }) => `draft.${name} = values.segments(value);`,
  },
  features: {
    wireType: wireType.delimited,
    empty: 'noNumbers',
    protobuf: () => 'fields.feature(end, draft);',
    json: () => 'values.features(value, draft);',
  },
  // The general reader sums them up, and says what is wrong where that is not 1.
  probabilities: {
    wireType: wireType.delimited,
    empty: 'noNumbers',
    protobuf: () => 'fields.wire.needsFallback = true;',
    json: () => 'values.needsFallback = true;',
  },
};

const each = (line: (field: PredictionField, code: FieldCode) => string, between = '\n'): string =>
  predictionFields.map((field) => line(field, code[field.type])).join(between);

/** What is read of a prediction: its row without what the event has. */
type Read = { -readonly [K in Exclude<keyof PredictionRow, 'kind' | 'id' | 'source'>]: PredictionRow[K] };

/** The fields of a prediction while it is being read. */
export interface DraftFields extends Read {
  clear(): void;
  /** Whether something is missing, or beyond what is taken. */
  isWrong(range: { readonly fromMs: number; readonly untilMs: number }): boolean;
  toRow(id: string, source: string): PredictionRow;
}

export const DraftFields = compile(
  'prediction-draft',
  { noSegments, noNumbers },
  `class {
    constructor() { this.clear(); }
    clear() { ${each(({ name }, { empty }) => `this.${name} = ${empty};`)} }
    isWrong(range) { return ${each((field, { wrong }) => wrong?.(field) ?? 'false', ' || ')}; }
    toRow(id, source) {
      return { kind: 'prediction', id, source, ${each((field, { row }) => `${field.name}: ${row?.(field) ?? `this.${field.name}`},`)} };
    }
  }`,
) as new () => DraftFields;

/** Reads the fields of a prediction in protobuf, whose length comes next. */
export const readPredictionWire = compile(
  'prediction-protobuf',
  { known: predictionFieldNumbers },
  `(fields, draft, limit) => {
    const { wire } = fields;
    draft.clear();
    let set = fields.noSegments;
    const end = wire.delimited(limit);
    while (wire.at < end && !wire.needsFallback) {
      const tagAt = wire.at;
      switch (wire.tag()) {
        ${each((field, { wireType: type, protobuf }) => `case ${field.number * 8 + type}: ${protobuf(field)} break;`)}
        default: fields.skip(tagAt, end, known);
      }
    }
    draft.segments = set.segments;
  }`,
) as (fields: WireFields, draft: PredictionDraft, limit: number) => void;

/** Reads the fields of a prediction in JSON. */
export const readPredictionJson = compile(
  'prediction-json',
  {},
  `(values, draft, prediction) => {
    draft.clear();
    for (const key in prediction) {
      const value = prediction[key];
      switch (key) {
        ${each((field, { json }) => `case '${field.json}': ${json(field)} break;`)}
        default: values.needsFallback = true;
      }
    }
  }`,
) as (values: QuickValues, draft: PredictionDraft, prediction: object) => void;

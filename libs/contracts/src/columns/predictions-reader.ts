import { fromBinary } from '@bufbuild/protobuf';
import { FeatureSetSchema } from '../gen/moola/v1/rows_pb.js';
import type { PredictionRow } from '../rows.js';
import type { DictionaryReader } from './dictionary-reader.js';
import type { DelimitedFields } from './fields.js';
import { checkIndexes, readIndexes, readNumbers, type IndexColumn } from './packed.js';
import { readSegments, type Segments } from './segments.js';

type Features = Readonly<Record<string, number>>;

/** Most rows have no features: they share this. */
export const noFeatures: Features = Object.freeze({});

/** Field numbers of `PredictionColumns`. */
export const predictionField = {
  ids: 1,
  sources: 2,
  models: 3,
  versions: 4,
  builds: 5,
  roles: 6,
  inputs: 7,
  timesMs: 8,
  classes: 9,
  scores: 10,
  latenciesMs: 11,
  costsUsd: 12,
  values: 13,
  errors: 14,
  segments: 15,
  segmentsDictionary: 16,
  arms: 17,
  features: 18,
} as const;

/** The columns of a record's predictions. */
export class PredictionsReader {
  readonly ids: IndexColumn;
  readonly sources: IndexColumn;
  readonly models: IndexColumn;
  readonly versions: IndexColumn;
  readonly builds: IndexColumn;
  readonly roles: IndexColumn;
  readonly inputs: IndexColumn;
  readonly timesMs: Float64Array;
  readonly classes: IndexColumn;
  readonly values: Float64Array;
  readonly scores: Float64Array;
  readonly latenciesMs: Float64Array;
  readonly costsUsd: Float64Array;
  readonly errors: IndexColumn;
  readonly arms: IndexColumn;
  readonly segments: IndexColumn;
  readonly segmentSets: readonly Segments[];
  private readonly features: ReadonlyMap<number, Features> | null;

  /** @throws {Error} when a column has a wrong length, or points at what is not there */
  constructor(
    columns: DelimitedFields,
    readonly dictionary: DictionaryReader,
  ) {
    const field = predictionField;
    const count = columns.bytes(field.timesMs).length / 8;
    const texts = (number: number, name: string): IndexColumn =>
      checkIndexes(readIndexes(columns.bytes(number), count, name), dictionary.length, name);
    this.ids = texts(field.ids, 'ids');
    this.sources = texts(field.sources, 'sources');
    this.models = texts(field.models, 'models');
    this.versions = texts(field.versions, 'versions');
    this.builds = texts(field.builds, 'builds');
    this.roles = readIndexes(columns.bytes(field.roles), count, 'roles');
    this.inputs = texts(field.inputs, 'inputs');
    this.timesMs = readNumbers(columns.bytes(field.timesMs), count, 'times_ms');
    this.classes = texts(field.classes, 'classes');
    this.values = readNumbers(columns.bytes(field.values), count, 'values');
    this.scores = readNumbers(columns.bytes(field.scores), count, 'scores');
    this.latenciesMs = readNumbers(columns.bytes(field.latenciesMs), count, 'latencies_ms');
    this.costsUsd = readNumbers(columns.bytes(field.costsUsd), count, 'costs_usd');
    this.errors = texts(field.errors, 'errors');
    this.arms = texts(field.arms, 'arms');
    this.segmentSets = readSegments(columns.all(field.segmentsDictionary));
    const segments = readIndexes(columns.bytes(field.segments), count, 'segments');
    this.segments = checkIndexes(segments, this.segmentSets.length, 'segments');
    const features = columns.all(field.features).map((bytes) => fromBinary(FeatureSetSchema, bytes));
    this.features = features.length === 0 ? null : new Map(features.map((set) => [set.row, set.features]));
  }

  get length(): number {
    return this.timesMs.length;
  }

  featuresOf(row: number): Features {
    return this.features?.get(row) ?? noFeatures;
  }
}

/** A prediction that lies in columns: nothing is made before it is asked for. */
export class PredictionView implements PredictionRow {
  constructor(
    readonly columns: PredictionsReader,
    readonly row: number,
  ) {}

  get kind(): 'prediction' {
    return 'prediction';
  }
  get id(): string {
    return this.columns.dictionary.text(this.columns.ids[this.row] as number);
  }
  get source(): string {
    return this.columns.dictionary.text(this.columns.sources[this.row] as number);
  }
  get model(): string {
    return this.columns.dictionary.text(this.columns.models[this.row] as number);
  }
  get version(): string {
    return this.columns.dictionary.text(this.columns.versions[this.row] as number);
  }
  get build(): string {
    return this.columns.dictionary.text(this.columns.builds[this.row] as number);
  }
  get role(): number {
    return this.columns.roles[this.row] as number;
  }
  get input(): string {
    return this.columns.dictionary.text(this.columns.inputs[this.row] as number);
  }
  get timeMs(): number {
    return this.columns.timesMs[this.row] as number;
  }
  get class(): string {
    return this.columns.dictionary.text(this.columns.classes[this.row] as number);
  }
  get value(): number {
    return this.columns.values[this.row] as number;
  }
  get score(): number {
    return this.columns.scores[this.row] as number;
  }
  get latencyMs(): number {
    return this.columns.latenciesMs[this.row] as number;
  }
  get costUsd(): number {
    return this.columns.costsUsd[this.row] as number;
  }
  get error(): string {
    return this.columns.dictionary.text(this.columns.errors[this.row] as number);
  }
  get segments(): Segments {
    return this.columns.segmentSets[this.columns.segments[this.row] as number] as Segments;
  }
  get arm(): string {
    return this.columns.dictionary.text(this.columns.arms[this.row] as number);
  }
  get features(): Features {
    return this.columns.featuresOf(this.row);
  }
}

/** A prediction as an object of its own. */
export function plainPrediction(row: PredictionRow): PredictionRow {
  return {
    kind: 'prediction',
    id: row.id,
    source: row.source,
    model: row.model,
    version: row.version,
    build: row.build,
    role: row.role,
    input: row.input,
    timeMs: row.timeMs,
    class: row.class,
    value: row.value,
    score: row.score,
    latencyMs: row.latencyMs,
    costUsd: row.costUsd,
    error: row.error,
    segments: row.segments,
    arm: row.arm,
    features: row.features,
  };
}

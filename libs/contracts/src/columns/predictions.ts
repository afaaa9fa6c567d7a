import { create } from '@bufbuild/protobuf';
import {
  FeatureSetSchema,
  PredictionColumnsSchema,
  type FeatureSet,
  type PredictionColumns,
} from '../gen/moola/v1/rows_pb.js';
import type { PredictionRow } from '../rows.js';
import type { DictionaryWriter } from './dictionary.js';
import { packEveryNumber, packIndexes, packNumbers, readIndexes, readNumbers, type IndexColumn } from './packed.js';
import { isEmpty, readSegments, SegmentsWriter } from './segments.js';

const noFeatures: Readonly<Record<string, number>> = Object.freeze({});

/** Collects predictions column by column. */
export class PredictionsWriter {
  private readonly ids: Uint32Array;
  private readonly sources: Uint32Array;
  private readonly models: Uint32Array;
  private readonly versions: Uint32Array;
  private readonly builds: Uint32Array;
  private readonly roles: Uint32Array;
  private readonly inputs: Uint32Array;
  private readonly timesMs: Float64Array;
  private readonly classes: Uint32Array;
  private readonly values: Float64Array;
  private readonly scores: Float64Array;
  private readonly latenciesMs: Float64Array;
  private readonly costsUsd: Float64Array;
  private readonly errors: Uint32Array;
  private readonly segments: Uint32Array;
  private readonly arms: Uint32Array;
  private readonly features: FeatureSet[] = [];
  private readonly segmentSets = new SegmentsWriter();
  private row = 0;
  private previous: PredictionRow | null = null;

  /** @param count how many rows will be added. */
  constructor(
    private readonly dictionary: DictionaryWriter,
    count: number,
  ) {
    this.ids = new Uint32Array(count);
    this.sources = new Uint32Array(count);
    this.models = new Uint32Array(count);
    this.versions = new Uint32Array(count);
    this.builds = new Uint32Array(count);
    this.roles = new Uint32Array(count);
    this.inputs = new Uint32Array(count);
    this.timesMs = new Float64Array(count);
    this.classes = new Uint32Array(count);
    this.values = new Float64Array(count);
    this.scores = new Float64Array(count);
    this.latenciesMs = new Float64Array(count);
    this.costsUsd = new Float64Array(count);
    this.errors = new Uint32Array(count);
    this.segments = new Uint32Array(count);
    this.arms = new Uint32Array(count);
  }

  add(prediction: PredictionRow): void {
    const { dictionary, row, previous } = this;
    this.ids[row] = dictionary.append(prediction.id);
    this.sources[row] = this.repeated(this.sources, previous?.source, prediction.source);
    this.models[row] = this.repeated(this.models, previous?.model, prediction.model);
    this.versions[row] = this.repeated(this.versions, previous?.version, prediction.version);
    this.builds[row] = this.repeated(this.builds, previous?.build, prediction.build);
    this.roles[row] = prediction.role;
    // The versions of one input often follow each other.
    this.inputs[row] =
      previous?.input === prediction.input ? (this.inputs[row - 1] as number) : dictionary.append(prediction.input);
    this.timesMs[row] = prediction.timeMs;
    this.classes[row] = this.repeated(this.classes, previous?.class, prediction.class);
    this.values[row] = prediction.value;
    this.scores[row] = prediction.score;
    this.latenciesMs[row] = prediction.latencyMs;
    this.costsUsd[row] = prediction.costUsd;
    this.errors[row] = this.repeated(this.errors, previous?.error, prediction.error);
    this.segments[row] = this.segmentSets.index(prediction.segments);
    this.arms[row] = this.repeated(this.arms, previous?.arm, prediction.arm);
    if (prediction.features !== noFeatures && !isEmpty(prediction.features)) {
      this.features.push(create(FeatureSetSchema, { row, features: { ...prediction.features } }));
    }
    this.previous = prediction;
    this.row++;
  }

  /** Looks up only what differs from the row before. */
  private repeated(column: Uint32Array, before: string | undefined, text: string): number {
    return before === text ? (column[this.row - 1] as number) : this.dictionary.index(text);
  }

  finish(): PredictionColumns {
    return create(PredictionColumnsSchema, {
      ids: packIndexes(this.ids),
      sources: packIndexes(this.sources),
      models: packIndexes(this.models),
      versions: packIndexes(this.versions),
      builds: packIndexes(this.builds),
      roles: packIndexes(this.roles),
      inputs: packIndexes(this.inputs),
      timesMs: packEveryNumber(this.timesMs),
      classes: packIndexes(this.classes),
      values: packNumbers(this.values),
      scores: packNumbers(this.scores),
      latenciesMs: packNumbers(this.latenciesMs),
      costsUsd: packNumbers(this.costsUsd),
      errors: packIndexes(this.errors),
      segments: packIndexes(this.segments),
      segmentsDictionary: this.segmentSets.sets,
      arms: packIndexes(this.arms),
      features: this.features,
    });
  }
}

/** @param strings the record's dictionary. @param count how many predictions the columns hold. */
export function readPredictions(
  columns: PredictionColumns,
  strings: readonly string[],
  count: number,
): PredictionRow[] {
  const ids = readIndexes(columns.ids, count, 'ids');
  const sources = readIndexes(columns.sources, count, 'sources');
  const models = readIndexes(columns.models, count, 'models');
  const versions = readIndexes(columns.versions, count, 'versions');
  const builds = readIndexes(columns.builds, count, 'builds');
  const roles = readIndexes(columns.roles, count, 'roles');
  const inputs = readIndexes(columns.inputs, count, 'inputs');
  const timesMs = readNumbers(columns.timesMs, count, 'times_ms');
  const classes = readIndexes(columns.classes, count, 'classes');
  const values = readNumbers(columns.values, count, 'values');
  const scores = readNumbers(columns.scores, count, 'scores');
  const latenciesMs = readNumbers(columns.latenciesMs, count, 'latencies_ms');
  const costsUsd = readNumbers(columns.costsUsd, count, 'costs_usd');
  const errors = readIndexes(columns.errors, count, 'errors');
  const segments = readIndexes(columns.segments, count, 'segments');
  const segmentSets = readSegments(columns.segmentsDictionary);
  const arms = readIndexes(columns.arms, count, 'arms');
  const features = new Map(columns.features.map((set) => [set.row, set.features]));
  const rows: PredictionRow[] = new Array<PredictionRow>(count);
  for (let row = 0; row < count; row++) {
    rows[row] = {
      kind: 'prediction',
      id: at(strings, ids, row),
      source: at(strings, sources, row),
      model: at(strings, models, row),
      version: at(strings, versions, row),
      build: at(strings, builds, row),
      role: roles[row] as number,
      input: at(strings, inputs, row),
      timeMs: timesMs[row] as number,
      class: at(strings, classes, row),
      value: values[row] as number,
      score: scores[row] as number,
      latencyMs: latenciesMs[row] as number,
      costUsd: costsUsd[row] as number,
      error: at(strings, errors, row),
      segments: at(segmentSets, segments, row),
      arm: at(strings, arms, row),
      features: (features.size > 0 && features.get(row)) || noFeatures,
    };
  }
  return rows;
}

/** The entry that a column's row points at. */
export function at<T>(entries: readonly T[], column: IndexColumn, row: number): T {
  const index = column[row] as number;
  const entry = entries[index];
  if (entry === undefined) throw new Error(`row ${row} points at entry ${index}, the dictionary has ${entries.length}`);
  return entry;
}

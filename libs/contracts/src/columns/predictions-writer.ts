import { ByteSink } from '../byte-sink.js';
import type { PredictionRow } from '../rows.js';
import { entryTag } from '../telemetry-tags.js';
import type { DictionaryWriter } from './dictionary-writer.js';
import { GrowingColumns, indexes, numbers } from './growing-columns.js';
import { MessagesWriter } from './messages-writer.js';
import { packEveryNumber, packIndexes, packNumbers } from './packed.js';
import { noFeatures, predictionField, PredictionView } from './predictions-reader.js';
import { isEmpty, SegmentsWriter } from './segments.js';
import { Parts } from './write-columns.js';

function predictionColumns(rows: number) {
  return {
    ids: indexes(rows),
    sources: indexes(rows),
    models: indexes(rows),
    versions: indexes(rows),
    builds: indexes(rows),
    roles: indexes(rows),
    inputs: indexes(rows),
    timesMs: numbers(rows),
    classes: indexes(rows),
    values: numbers(rows),
    scores: numbers(rows),
    latenciesMs: numbers(rows),
    costsUsd: numbers(rows),
    errors: indexes(rows),
    segments: indexes(rows),
    arms: indexes(rows),
  };
}

type Columns = ReturnType<typeof predictionColumns>;

/** Collects predictions column by column. */
export class PredictionsWriter {
  private readonly growing = new GrowingColumns(predictionColumns);
  /** A message `FeatureSet` each. */
  private readonly features = new MessagesWriter();
  private readonly segmentSets = new SegmentsWriter();
  private row = 0;
  private previous: PredictionRow | null = null;

  constructor(private readonly dictionary: DictionaryWriter) {}

  /** About so many bytes, without the dictionary, and hardly ever more. */
  get bytes(): number {
    const columns = this.row * this.growing.packedWidth(this.dictionary.entries);
    return columns + this.segmentSets.bytes + this.features.bytes;
  }

  add(prediction: PredictionRow): void {
    const { row } = this;
    const columns = this.growing.withRow(row);
    if (prediction instanceof PredictionView) this.copyTexts(columns, prediction);
    else this.addTexts(columns, prediction);
    columns.roles[row] = prediction.role;
    columns.timesMs[row] = prediction.timeMs;
    columns.values[row] = prediction.value;
    columns.scores[row] = prediction.score;
    columns.latenciesMs[row] = prediction.latencyMs;
    columns.costsUsd[row] = prediction.costUsd;
    columns.segments[row] = this.segmentSets.index(prediction.segments);
    const { features } = prediction;
    if (features !== noFeatures && !isEmpty(features)) {
      this.features.add(featureSetBytes(row, features));
    }
    this.previous = prediction;
    this.row++;
  }

  private addTexts(columns: Columns, prediction: PredictionRow): void {
    const { dictionary, row, previous } = this;
    columns.ids[row] = dictionary.append(prediction.id);
    columns.sources[row] = this.repeated(columns.sources, previous?.source, prediction.source);
    columns.models[row] = this.repeated(columns.models, previous?.model, prediction.model);
    columns.versions[row] = this.repeated(columns.versions, previous?.version, prediction.version);
    columns.builds[row] = this.repeated(columns.builds, previous?.build, prediction.build);
    // The versions of one input often follow each other.
    columns.inputs[row] =
      previous?.input === prediction.input ? (columns.inputs[row - 1] as number) : dictionary.append(prediction.input);
    columns.classes[row] = this.repeated(columns.classes, previous?.class, prediction.class);
    columns.errors[row] = this.repeated(columns.errors, previous?.error, prediction.error);
    columns.arms[row] = this.repeated(columns.arms, previous?.arm, prediction.arm);
  }

  /** The same from columns that were read: entry by entry, without making a text. */
  private copyTexts(into: Columns, { columns, row: from }: PredictionView): void {
    const { dictionary, row, previous } = this;
    const { dictionary: reader } = columns;
    const entries = dictionary.transfer(reader);
    const input = columns.inputs[from] as number;
    const sameInput =
      previous instanceof PredictionView && previous.columns === columns && columns.inputs[previous.row] === input;
    into.ids[row] = dictionary.appendFrom(reader, columns.ids[from] as number);
    into.sources[row] = entries.index(columns.sources[from] as number);
    into.models[row] = entries.index(columns.models[from] as number);
    into.versions[row] = entries.index(columns.versions[from] as number);
    into.builds[row] = entries.index(columns.builds[from] as number);
    into.inputs[row] = sameInput ? (into.inputs[row - 1] as number) : dictionary.appendFrom(reader, input);
    into.classes[row] = entries.index(columns.classes[from] as number);
    into.errors[row] = entries.index(columns.errors[from] as number);
    into.arms[row] = entries.index(columns.arms[from] as number);
  }

  /** Looks up only what differs from the row before. */
  private repeated(column: Uint32Array, before: string | undefined, text: string): number {
    return before === text ? (column[this.row - 1] as number) : this.dictionary.index(text);
  }

  /** The message `PredictionColumns`, valid until the next use. */
  finish(): Parts {
    const field = predictionField;
    const parts = new Parts();
    const { row } = this;
    const { ids, sources, models, versions, builds, roles, inputs, classes, errors, segments, arms } =
      this.growing.columns;
    const { timesMs, scores, latenciesMs, costsUsd, values } = this.growing.columns;
    parts.add(field.ids, packIndexes(ids.subarray(0, row)));
    parts.add(field.sources, packIndexes(sources.subarray(0, row)));
    parts.add(field.models, packIndexes(models.subarray(0, row)));
    parts.add(field.versions, packIndexes(versions.subarray(0, row)));
    parts.add(field.builds, packIndexes(builds.subarray(0, row)));
    parts.add(field.roles, packIndexes(roles.subarray(0, row)));
    parts.add(field.inputs, packIndexes(inputs.subarray(0, row)));
    parts.add(field.timesMs, packEveryNumber(timesMs.subarray(0, row)));
    parts.add(field.classes, packIndexes(classes.subarray(0, row)));
    parts.add(field.scores, packNumbers(scores.subarray(0, row)));
    parts.add(field.latenciesMs, packNumbers(latenciesMs.subarray(0, row)));
    parts.add(field.costsUsd, packNumbers(costsUsd.subarray(0, row)));
    parts.add(field.values, packNumbers(values.subarray(0, row)));
    parts.add(field.errors, packIndexes(errors.subarray(0, row)));
    parts.add(field.segments, packIndexes(segments.subarray(0, row)));
    this.segmentSets.addTo(parts, field.segmentsDictionary);
    parts.add(field.arms, packIndexes(arms.subarray(0, row)));
    this.features.addTo(parts, field.features);
    return parts;
  }

  /** Begins anew, with the same memory. */
  clear(): void {
    this.features.clear();
    this.segmentSets.clear();
    this.row = 0;
    this.previous = null;
  }
}

const rowTag = 0x08;
const featureTag = 0x12;
/** Written to again and again. */
const sink = new ByteSink();

/** The message `FeatureSet`. */
function featureSetBytes(row: number, features: Readonly<Record<string, number>>): Uint8Array {
  if (row > 0) sink.unsigned(rowTag, row);
  for (const key of Object.keys(features)) {
    const opened = sink.open(featureTag);
    sink.text(entryTag.key, key);
    sink.double(entryTag.number, features[key] as number);
    sink.close(opened);
  }
  return sink.take();
}

import { ByteSink } from '../byte-sink.js';
import type { PredictionRow } from '../rows.js';
import { entryTag } from '../telemetry-tags.js';
import type { DictionaryWriter } from './dictionary-writer.js';
import { packEveryNumber, packIndexes, packNumbers } from './packed.js';
import { noFeatures, predictionField, PredictionView } from './predictions-reader.js';
import { isEmpty, SegmentsWriter } from './segments.js';
import { Parts } from './write-columns.js';

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
  /** A message `FeatureSet` each. */
  private readonly features: Uint8Array[] = [];
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
    const { row } = this;
    if (prediction instanceof PredictionView) this.copyTexts(prediction);
    else this.addTexts(prediction);
    this.roles[row] = prediction.role;
    this.timesMs[row] = prediction.timeMs;
    this.values[row] = prediction.value;
    this.scores[row] = prediction.score;
    this.latenciesMs[row] = prediction.latencyMs;
    this.costsUsd[row] = prediction.costUsd;
    this.segments[row] = this.segmentSets.index(prediction.segments);
    const { features } = prediction;
    if (features !== noFeatures && !isEmpty(features)) {
      this.features.push(featureSetBytes(row, features));
    }
    this.previous = prediction;
    this.row++;
  }

  private addTexts(prediction: PredictionRow): void {
    const { dictionary, row, previous } = this;
    this.ids[row] = dictionary.append(prediction.id);
    this.sources[row] = this.repeated(this.sources, previous?.source, prediction.source);
    this.models[row] = this.repeated(this.models, previous?.model, prediction.model);
    this.versions[row] = this.repeated(this.versions, previous?.version, prediction.version);
    this.builds[row] = this.repeated(this.builds, previous?.build, prediction.build);
    // The versions of one input often follow each other.
    this.inputs[row] =
      previous?.input === prediction.input ? (this.inputs[row - 1] as number) : dictionary.append(prediction.input);
    this.classes[row] = this.repeated(this.classes, previous?.class, prediction.class);
    this.errors[row] = this.repeated(this.errors, previous?.error, prediction.error);
    this.arms[row] = this.repeated(this.arms, previous?.arm, prediction.arm);
  }

  /** The same from columns that were read: entry by entry, without making a text. */
  private copyTexts({ columns, row: from }: PredictionView): void {
    const { dictionary, row, previous } = this;
    const { dictionary: reader } = columns;
    const entries = dictionary.transfer(reader);
    const input = columns.inputs[from] as number;
    const sameInput =
      previous instanceof PredictionView && previous.columns === columns && columns.inputs[previous.row] === input;
    this.ids[row] = dictionary.appendFrom(reader, columns.ids[from] as number);
    this.sources[row] = entries.index(columns.sources[from] as number);
    this.models[row] = entries.index(columns.models[from] as number);
    this.versions[row] = entries.index(columns.versions[from] as number);
    this.builds[row] = entries.index(columns.builds[from] as number);
    this.inputs[row] = sameInput ? (this.inputs[row - 1] as number) : dictionary.appendFrom(reader, input);
    this.classes[row] = entries.index(columns.classes[from] as number);
    this.errors[row] = entries.index(columns.errors[from] as number);
    this.arms[row] = entries.index(columns.arms[from] as number);
  }

  /** Looks up only what differs from the row before. */
  private repeated(column: Uint32Array, before: string | undefined, text: string): number {
    return before === text ? (column[this.row - 1] as number) : this.dictionary.index(text);
  }

  /** The message `PredictionColumns`. */
  finish(): Parts {
    const field = predictionField;
    const parts = new Parts();
    parts.add(field.ids, packIndexes(this.ids));
    parts.add(field.sources, packIndexes(this.sources));
    parts.add(field.models, packIndexes(this.models));
    parts.add(field.versions, packIndexes(this.versions));
    parts.add(field.builds, packIndexes(this.builds));
    parts.add(field.roles, packIndexes(this.roles));
    parts.add(field.inputs, packIndexes(this.inputs));
    parts.add(field.timesMs, packEveryNumber(this.timesMs));
    parts.add(field.classes, packIndexes(this.classes));
    parts.add(field.scores, packNumbers(this.scores));
    parts.add(field.latenciesMs, packNumbers(this.latenciesMs));
    parts.add(field.costsUsd, packNumbers(this.costsUsd));
    parts.add(field.values, packNumbers(this.values));
    parts.add(field.errors, packIndexes(this.errors));
    parts.add(field.segments, packIndexes(this.segments));
    this.segmentSets.addTo(parts, field.segmentsDictionary);
    parts.add(field.arms, packIndexes(this.arms));
    for (const features of this.features) parts.addEven(field.features, features);
    return parts;
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

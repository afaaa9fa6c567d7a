import type { LabelledRow } from '../rows.js';
import type { DictionaryWriter } from './dictionary-writer.js';
import { GrowingColumns, indexes, numbers } from './growing-columns.js';
import { freshnessNames, labelledField as field } from './labelled-reader.js';
import { packEveryNumber, packIndexes, packNumbers } from './packed.js';
import { SegmentsWriter } from './segments.js';
import { Parts } from './write-columns.js';

function labelledColumns(rows: number) {
  return {
    models: indexes(rows),
    versions: indexes(rows),
    roles: indexes(rows),
    inputs: indexes(rows),
    predictedAtMs: numbers(rows),
    knownAtMs: numbers(rows),
    classes: indexes(rows),
    truths: indexes(rows),
    scores: numbers(rows),
    freshness: indexes(rows),
    previousTruths: indexes(rows),
    groups: numbers(rows),
    segments: indexes(rows),
    values: numbers(rows),
    truthValues: numbers(rows),
  };
}

/** Collects labelled predictions column by column. */
export class LabelledWriter {
  private readonly growing = new GrowingColumns(labelledColumns);
  private readonly segmentSets = new SegmentsWriter();
  private count = 0;
  private input = '';
  private inputIndex = 0;

  constructor(private readonly dictionary: DictionaryWriter) {}

  /** About so many bytes, without the dictionary, and hardly ever more. */
  get bytes(): number {
    return this.count * this.growing.packedWidth(this.dictionary.entries) + this.segmentSets.bytes;
  }

  add(row: LabelledRow): void {
    const { dictionary, segmentSets } = this;
    // The versions of one input follow each other.
    if (row.input !== this.input) {
      this.input = row.input;
      this.inputIndex = dictionary.append(row.input);
    }
    const i = this.count++;
    const columns = this.growing.withRow(i);
    columns.models[i] = dictionary.index(row.model);
    columns.versions[i] = dictionary.index(row.version);
    columns.roles[i] = row.role;
    columns.inputs[i] = this.inputIndex;
    columns.predictedAtMs[i] = row.predictedAtMs;
    columns.knownAtMs[i] = row.knownAtMs;
    columns.classes[i] = dictionary.index(row.class);
    columns.truths[i] = dictionary.index(row.truth);
    columns.scores[i] = row.score;
    columns.freshness[i] = freshnessNames.indexOf(row.freshness);
    columns.previousTruths[i] = dictionary.index(row.previousTruth);
    columns.groups[i] = row.group;
    columns.segments[i] = segmentSets.index(row.segments);
    columns.values[i] = row.value;
    columns.truthValues[i] = row.truthValue;
  }

  /** The message `LabelledColumns`, valid until the next use. */
  finish(): Parts {
    const parts = new Parts();
    const { count } = this;
    if (count === 0) return parts;
    const { models, versions, roles, inputs, classes, truths, freshness, previousTruths, segments } =
      this.growing.columns;
    const { predictedAtMs, knownAtMs, scores, groups, values, truthValues } = this.growing.columns;
    parts.add(field.models, packIndexes(models.subarray(0, count)));
    parts.add(field.versions, packIndexes(versions.subarray(0, count)));
    parts.add(field.roles, packIndexes(roles.subarray(0, count)));
    parts.add(field.inputs, packIndexes(inputs.subarray(0, count)));
    parts.add(field.predictedAtMs, packNumbers(predictedAtMs.subarray(0, count)));
    parts.add(field.knownAtMs, packEveryNumber(knownAtMs.subarray(0, count)));
    parts.add(field.classes, packIndexes(classes.subarray(0, count)));
    parts.add(field.truths, packIndexes(truths.subarray(0, count)));
    parts.add(field.scores, packNumbers(scores.subarray(0, count)));
    parts.add(field.freshness, packIndexes(freshness.subarray(0, count)));
    parts.add(field.previousTruths, packIndexes(previousTruths.subarray(0, count)));
    parts.add(field.groups, packNumbers(groups.subarray(0, count)));
    parts.add(field.segments, packIndexes(segments.subarray(0, count)));
    this.segmentSets.addTo(parts, field.segmentsDictionary);
    parts.add(field.values, packNumbers(values.subarray(0, count)));
    parts.add(field.truthValues, packNumbers(truthValues.subarray(0, count)));
    return parts;
  }

  /** Begins anew, with the same memory. */
  clear(): void {
    this.segmentSets.clear();
    this.count = 0;
    this.input = '';
    this.inputIndex = 0;
  }
}

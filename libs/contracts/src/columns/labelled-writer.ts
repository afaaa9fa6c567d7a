import type { LabelledRow } from '../rows.js';
import type { DictionaryWriter } from './dictionary-writer.js';
import { freshnessNames, labelledField as field } from './labelled-reader.js';
import { packEveryNumber, packIndexes, packNumbers } from './packed.js';
import { SegmentsWriter } from './segments.js';
import { Parts } from './write-columns.js';

/** Packs labelled predictions, in order, as the message `LabelledColumns`. */
export function labelledParts(rows: readonly LabelledRow[], dictionary: DictionaryWriter): Parts {
  const parts = new Parts();
  const count = rows.length;
  if (count === 0) return parts;
  const segmentSets = new SegmentsWriter();
  const [models, versions, roles, inputs] = [indexes(count), indexes(count), indexes(count), indexes(count)];
  const [classes, truths, freshness] = [indexes(count), indexes(count), indexes(count)];
  const [previousTruths, segments] = [indexes(count), indexes(count)];
  const [predictedAtMs, knownAtMs, scores, groups] = [numbers(count), numbers(count), numbers(count), numbers(count)];
  let input = '';
  let inputIndex = 0;
  for (let i = 0; i < count; i++) {
    const row = rows[i] as LabelledRow;
    // The versions of one input follow each other.
    if (row.input !== input) {
      input = row.input;
      inputIndex = dictionary.append(input);
    }
    models[i] = dictionary.index(row.model);
    versions[i] = dictionary.index(row.version);
    roles[i] = row.role;
    inputs[i] = inputIndex;
    predictedAtMs[i] = row.predictedAtMs;
    knownAtMs[i] = row.knownAtMs;
    classes[i] = dictionary.index(row.class);
    truths[i] = dictionary.index(row.truth);
    scores[i] = row.score;
    freshness[i] = freshnessNames.indexOf(row.freshness);
    previousTruths[i] = dictionary.index(row.previousTruth);
    groups[i] = row.group;
    segments[i] = segmentSets.index(row.segments);
  }
  parts.add(field.models, packIndexes(models));
  parts.add(field.versions, packIndexes(versions));
  parts.add(field.roles, packIndexes(roles));
  parts.add(field.inputs, packIndexes(inputs));
  parts.add(field.predictedAtMs, packNumbers(predictedAtMs));
  parts.add(field.knownAtMs, packEveryNumber(knownAtMs));
  parts.add(field.classes, packIndexes(classes));
  parts.add(field.truths, packIndexes(truths));
  parts.add(field.scores, packNumbers(scores));
  parts.add(field.freshness, packIndexes(freshness));
  parts.add(field.previousTruths, packIndexes(previousTruths));
  parts.add(field.groups, packNumbers(groups));
  parts.add(field.segments, packIndexes(segments));
  segmentSets.addTo(parts, field.segmentsDictionary);
  return parts;
}

function indexes(count: number): Uint32Array {
  return new Uint32Array(count);
}

function numbers(count: number): Float64Array {
  return new Float64Array(count);
}

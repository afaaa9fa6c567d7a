import type { DescFile, DescMessage } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { fieldClassOf } from './field-class.js';
import { file_moola_v1_actions } from './gen/moola/v1/actions_pb.js';
import { file_moola_v1_batch } from './gen/moola/v1/batch_pb.js';
import { file_moola_v1_dead_letters } from './gen/moola/v1/dead_letters_pb.js';
import { file_moola_v1_definitions } from './gen/moola/v1/definitions_pb.js';
import { file_moola_v1_incidents } from './gen/moola/v1/incidents_pb.js';
import { file_moola_v1_kpis } from './gen/moola/v1/kpis_pb.js';
import { FieldClass } from './gen/moola/v1/options_pb.js';
import { file_moola_v1_rows } from './gen/moola/v1/rows_pb.js';
import { file_moola_v1_signals } from './gen/moola/v1/signals_pb.js';
import { file_moola_v1_snapshots } from './gen/moola/v1/snapshots_pb.js';
import { file_moola_v1_telemetry } from './gen/moola/v1/telemetry_pb.js';

const files: readonly DescFile[] = [
  ...[file_moola_v1_actions, file_moola_v1_batch, file_moola_v1_dead_letters, file_moola_v1_definitions],
  ...[file_moola_v1_incidents, file_moola_v1_kpis, file_moola_v1_rows, file_moola_v1_signals],
  ...[file_moola_v1_snapshots, file_moola_v1_telemetry],
];

/** Fields that hold no message: those are judged by their own fields. */
const fieldsOf = (message: DescMessage) =>
  message.fields.filter(({ message: held, fieldKind }) => held === undefined || fieldKind === 'map');

const named = (wanted: FieldClass) =>
  files
    .flatMap(({ messages }) => messages)
    .flatMap(fieldsOf)
    .filter((field) => fieldClassOf(field) === wanted)
    .map((field) => `${field.parent.name}.${field.name}`)
    .sort();

describe('the class of a field', () => {
  it('is stated for each field of each event', () => {
    expect(named(FieldClass.UNSPECIFIED)).toEqual([]);
  });

  it('is identifier for what points at a person or a request', () => {
    expect(named(FieldClass.IDENTIFIER)).toEqual([
      ...['Acknowledged.by', 'Command.actor', 'CommandRefused.by', 'Definition.author', 'Deployment.by'],
      ...['IncidentJudged.by', 'IncidentResolved.by'],
      ...[
        ...['LabelledColumns.inputs', 'LabelledColumns.units'],
        ...['Measurement.subject', 'MissedReported.by'],
        'Outcome.input',
        'PostMortemEnding.by',
        ...['Prediction.input', 'Prediction.unit', 'PredictionColumns.inputs', 'PredictionColumns.units'],
        'ServingChanged.by',
      ],
    ]);
  });

  it('is sensitive for what never leaves the place where it was received', () => {
    expect(named(FieldClass.SENSITIVE)).toEqual([
      ...['Batch.data', 'DeadLetter.sealed', 'FeatureSet.features', 'ForeignRecord.headers', 'ForeignRecord.value'],
      'Prediction.features',
    ]);
  });
});

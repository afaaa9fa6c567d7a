import { toJson } from '@bufbuild/protobuf';
import { DefinitionSchema, type Definition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { topics } from '@moola/contracts/topics';
import { boolean, count, instant, json, text } from '../../schema/columns.js';
import { keptByDefault, type RowTable } from '../../schema/table.js';
import type { Projection } from '../projection.js';

export const definitionsTable: RowTable = {
  ...{ kind: 'rows', name: 'definitions' },
  text: 'Every version of every definition.',
  columns: [
    instant('time', 'When it was applied or deleted.'),
    text('kind', 'model, rule, route, value, playbook, infrastructure …'),
    text('name', 'Its name.'),
    count('version', 'Later versions replace earlier ones of the same kind and name.'),
    boolean('deleted', 'From here on it is no longer in force.'),
    text('author', 'Who applied or deleted it; empty where nobody said.'),
    json('definition', 'What it says, as JSON.'),
  ],
  ...{ key: ['kind', 'name', 'version'], time: 'time', revised: 'replace' },
  ...{ keptMs: 100 * keptByDefault.rows, mostRows: 1_000_000 },
};

/** Definitions with their versions. */
export const definitions: Projection<Definition> = {
  ...{ name: 'definitions', topic: topics.definitions, tables: [definitionsTable] },
  take(definition, sink, { offset, appendedAtMs }) {
    const { kind, name, author } = definition;
    if (kind.case === undefined) return;
    const deleted = kind.case === 'deletion';
    sink.row(definitionsTable, {
      ...{ time: appendedAtMs, kind: deleted ? kind.value.kind : kind.case, name, version: offset, deleted, author },
      definition: JSON.stringify(toJson(DefinitionSchema, definition)),
    });
  },
};

import type { Kpi } from '@moola/contracts/gen/moola/v1/kpis_pb';
import { topics } from '@moola/contracts/topics';
import { instant, model, number, text } from '../../schema/columns.js';
import { keptByDefault, type RowTable } from '../../schema/table.js';
import type { Projection } from '../projection.js';

export const protectedValueTable: RowTable = {
  ...{ kind: 'rows', name: 'protectedValue' },
  text: 'What rollbacks have been worth, as it stands.',
  columns: [
    instant('time', 'When it was computed last.'),
    model,
    text('incident', 'The incident whose rollback it was.'),
    text('versionBefore', 'The version that was replaced.'),
    text('version', 'The version that serves since.'),
    instant('since', 'Predictions from then on count.'),
    number('inputs', 'Inputs that both versions answered.'),
    number('usd', '(correct by the one − correct by the other) × value, US dollars; null: no value is declared.'),
  ],
  ...{ key: ['model', 'incident', 'versionBefore', 'version'], time: 'time', revised: 'replace' },
  ...{ keptMs: keptByDefault.rows, mostRows: 100_000 },
};

/** What rollbacks have protected. */
export const protectedValue: Projection<Kpi> = {
  ...{ name: 'protected-value', topic: topics.kpis, tables: [protectedValueTable] },
  take({ atMs, model: name, kind }, sink) {
    if (kind.case !== 'protectedValue') return;
    const { incident, from, to, sinceMs, inputs, usd, valueUndeclared } = kind.value;
    sink.row(protectedValueTable, {
      ...{ time: atMs, model: name, incident, versionBefore: from, version: to, since: sinceMs, inputs },
      usd: valueUndeclared ? null : usd,
    });
  },
};

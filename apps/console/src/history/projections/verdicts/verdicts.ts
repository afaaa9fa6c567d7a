import type { IncidentEvent } from '@moola/contracts/gen/moola/v1/incidents_pb';
import { topics } from '@moola/contracts/topics';
import { verdictName } from '@moola/wording/verdict';
import { boolean, count, instant, model, text } from '../../schema/columns.js';
import { keptByDefault, type RowTable } from '../../schema/table.js';
import type { Projection } from '../projection.js';

const kept = { time: 'time', revised: 'replace', keptMs: keptByDefault.rows, mostRows: 100_000 } as const;

export const verdictsTable: RowTable = {
  ...{ kind: 'rows', name: 'verdicts' },
  text: 'What people said of incidents; the last one of an incident counts.',
  columns: [
    instant('time', 'When it was said.'),
    text('incident', 'The incident.'),
    count('number', 'Of the event that says it.'),
    model,
    text('verdict', 'real, false or unclear.'),
    text('note', 'Why.'),
    text('by', 'Who.'),
    boolean('authenticated', 'The server knows who it was.'),
  ],
  ...{ key: ['incident', 'number'], ...kept },
};

export const missedIncidents: RowTable = {
  ...{ kind: 'rows', name: 'missedIncidents' },
  text: 'Reports that something was wrong and no alert fired.',
  columns: [
    instant('time', 'When it was reported.'),
    text('command', 'Its id.'),
    model,
    instant('began', 'From when something was wrong.'),
    instant('ended', 'Until when, exclusive.'),
    text('rule', 'The rule that should have fired; empty: nobody says.'),
    text('note', 'What was wrong.'),
    text('by', 'Who reports it.'),
    boolean('authenticated', 'The server knows who it was.'),
  ],
  ...{ key: ['command'], ...kept },
};

/** Verdicts on alerts, and reports of what no alert found. */
export const verdicts: Projection<IncidentEvent> = {
  ...{ name: 'verdicts', topic: topics.incidents, tables: [verdictsTable, missedIncidents] },
  take({ atMs: time, incident, number, model: name, kind }, sink) {
    if (kind.case === 'judged' && number > 0) {
      const { note, by, authenticated } = kind.value;
      const verdict = verdictName(kind.value.verdict);
      if (verdict !== '')
        sink.row(verdictsTable, { time, incident, number, model: name, verdict, note, by, authenticated });
    }
    if (kind.case === 'missedReported') {
      const { command, fromMs: began, toMs: ended, rule, note, by, authenticated } = kind.value;
      sink.row(missedIncidents, { time, command, model: name, began, ended, rule, note, by, authenticated });
    }
  },
};

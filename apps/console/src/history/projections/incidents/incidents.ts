import { severityName } from '@moola/contracts/definitions/severities';
import type { IncidentEvent } from '@moola/contracts/gen/moola/v1/incidents_pb';
import type { AlertTransition } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { topics } from '@moola/contracts/topics';
import { eventText } from '@moola/wording/event-text';
import { breachOf, headline } from '@moola/wording/headline';
import { tierNames } from '@moola/wording/names';
import { namedSubject } from '@moola/wording/subject';
import { verdictName } from '@moola/wording/verdict';
import { boolean, count, instant, model, number, subjectColumns, text, version } from '../../schema/columns.js';
import { keptByDefault, type Row, type RowTable } from '../../schema/table.js';
import type { Projection } from '../projection.js';

export const incidentsTable: RowTable = {
  ...{ kind: 'rows', name: 'incidents' },
  text: 'Incidents, as they stand; one row each.',
  columns: [
    text('incident', 'Its id.'),
    instant('opened', 'When it was opened.'),
    model,
    text('rule', 'The rule whose alert opened it.'),
    version,
    ...subjectColumns,
    text('title', 'What it says.'),
    text('severity', 'info, warning, critical or emergency; the highest that it had.'),
    boolean('gate', 'Whether it decides over rollbacks.'),
    instant('breach', 'When the condition first held.'),
    text('state', 'open, acknowledged or resolved.'),
    text('tier', 'The last tier of its playbook that was entered.'),
    instant('acknowledged', 'When a person took it; null: nobody did.'),
    text('acknowledgedBy', 'Who.'),
    instant('resolved', 'When it was resolved; null: it is open.'),
    text('resolvedBy', 'Who; empty: the system saw it.'),
    text('resolution', 'Why it was resolved.'),
    number('costUsd', 'What it cost so far, US dollars; null: nobody declared what an answer is worth.'),
    text('rolledBackFrom', 'The version that a rollback took out of service; null: none did.'),
    text('rolledBackTo', 'The version that it put into service.'),
    text('verdict', 'real, false or unclear, as people said last; null: nobody did.'),
    text('postMortem', 'Its post-mortem, Markdown; null before it is written.'),
  ],
  ...{ key: ['incident'], time: 'opened', revised: 'fill', keptMs: keptByDefault.rows, mostRows: 100_000 },
};

export const incidentEvents: RowTable = {
  ...{ kind: 'rows', name: 'incidentEvents' },
  text: 'What happened in incidents, event by event.',
  columns: [
    instant('time', 'When it happened.'),
    text('incident', 'The incident.'),
    count('number', '1, 2, 3 … within the incident.'),
    model,
    text('kind', 'What kind of event it is.'),
    text('text', 'What it says.'),
  ],
  ...{ key: ['incident', 'number'], time: 'time', revised: 'replace', keptMs: keptByDefault.rows, mostRows: 2_000_000 },
};

const unchanged: Row = Object.fromEntries(incidentsTable.columns.map(({ name }) => [name, null]));

/** Each incident as it stands, and its events. */
export const incidents: Projection<IncidentEvent> = {
  ...{ name: 'incidents', topic: topics.incidents, tables: [incidentsTable, incidentEvents] },
  take(event, sink) {
    const { incident, number: place, atMs, model: name, kind } = event;
    if (incident === '' || place === 0) return;
    if (kind.case !== 'priced') {
      const what = { kind: kind.case ?? 'unknown', text: eventText(event) };
      sink.row(incidentEvents, { time: atMs, incident, number: place, model: name, ...what });
    }
    const change = changeBy(event);
    if (change === null) return;
    // The number of the event is the order in which they come: the first one says when it was opened.
    const opened = kind.case === 'opened' ? { opened: atMs, model: name } : {};
    sink.row(incidentsTable, { ...unchanged, incident, ...opened, ...change });
  },
};

/** What an event changes of its incident; `null`: nothing. */
function changeBy({ atMs, kind }: IncidentEvent): Partial<Row> | null {
  switch (kind.case) {
    case 'opened': {
      const { rule, version: of, severity, gate, breachAtMs, title, alert, costUnknown } = kind.value;
      return {
        ...{
          rule,
          version: of,
          severity: severityName(severity),
          gate,
          breach: breachAtMs,
          state: 'open',
          tier: 'none',
        },
        ...{ subjectKind: '', subject: '', title, acknowledgedBy: '', resolvedBy: '', resolution: '' },
        costUsd: costUnknown ? null : 0,
        ...(alert && wordsOf(alert)),
      };
    }
    case 'tier':
      return { tier: tierNames[kind.value.tier] };
    case 'severityRaised':
      return { severity: severityName(kind.value.to) };
    case 'priced':
      return { costUsd: kind.value.costUsd };
    case 'acknowledged':
      return { state: 'acknowledged', acknowledged: atMs, acknowledgedBy: kind.value.by };
    case 'verified':
      return { rolledBackFrom: kind.value.from, rolledBackTo: kind.value.to };
    case 'judged':
      return { verdict: verdictName(kind.value.verdict) || null };
    case 'resolved': {
      const { reason, by, costUsd, costUnknown } = kind.value;
      const what = { state: 'resolved', resolved: atMs, resolvedBy: by, resolution: reason };
      return { ...what, ...(!costUnknown && { costUsd }) };
    }
    case 'postMortem':
      return { postMortem: kind.value.markdown };
    default:
      return null;
  }
}

function wordsOf(alert: AlertTransition): Partial<Row> {
  const subject = namedSubject(alert.subject);
  return {
    title: headline(breachOf(alert)),
    ...(subject && { subjectKind: subject.kind, subject: subject.name }),
  };
}

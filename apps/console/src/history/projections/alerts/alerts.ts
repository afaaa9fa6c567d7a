import { severityName } from '@moola/contracts/definitions/severities';
import type { Snapshot } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { topics } from '@moola/contracts/topics';
import { alertStateName } from '@moola/wording/alert-state';
import { annotationsOf } from '@moola/wording/annotations';
import { segmentPair } from '@moola/wording/segments';
import { namedSubject } from '@moola/wording/subject';
import { roleName } from '../../../read-model/names.js';
import {
  boolean,
  count,
  instant,
  json,
  model,
  number,
  role,
  subjectColumns,
  text,
  version,
} from '../../schema/columns.js';
import { keptByDefault, type RowTable } from '../../schema/table.js';
import type { Projection } from '../projection.js';

export const alertTransitions: RowTable = {
  ...{ kind: 'rows', name: 'alertTransitions' },
  text: 'Every transition of every alert.',
  columns: [
    instant('time', 'When it happened.'),
    model,
    text('rule', 'The rule.'),
    version,
    ...subjectColumns,
    text('segment', 'Of a rule on segments by pattern the one that it is on, as country=de; empty of others.'),
    number('life', 'Of the task that counts transitions: another number once it had to start from nothing.'),
    count('transition', '1, 2, 3 … of the alert.'),
    text('stateBefore', 'inactive, pending, firing or resolved.'),
    text('state', 'The same, from then on.'),
    text('severity', 'info, warning, critical or emergency.'),
    instant('since', 'When the condition first held without a break.'),
    text('metric', 'The metric that was judged.'),
    number('value', 'Its figure; null: there was none.'),
    number('samples', 'What the figure rests on.'),
    number('limit', 'Of the level that the severity is.'),
    text('reason', 'Why it changed.'),
    role,
    boolean('gate', 'Whether it decides over rollbacks.'),
    text('summary', 'The sentence of the rule.'),
    json('labels', 'Those of the rule.'),
  ],
  key: ['model', 'rule', 'version', 'subjectKind', 'subject', 'segment', 'life', 'transition'],
  ...{ time: 'time', revised: 'replace', keptMs: keptByDefault.rows, mostRows: 1_000_000 },
};

/** How alerts rose and fell. */
export const alerts: Projection<Snapshot> = {
  ...{ name: 'alerts', topic: topics.snapshots, tables: [alertTransitions] },
  take({ atMs, model: name, kind }, sink) {
    if (kind.case !== 'alert') return;
    const alert = kind.value;
    const subject = namedSubject(alert.subject);
    const { summary, labels } = annotationsOf(name, alert);
    sink.row(alertTransitions, {
      ...{ time: atMs, model: name, rule: alert.rule, version: alert.version },
      ...{ subjectKind: subject?.kind ?? '', subject: subject?.name ?? '' },
      segment: alert.segment ? segmentPair(alert.segment) : '',
      ...{ life: alert.life, transition: alert.transition },
      ...{ stateBefore: alertStateName[alert.from], state: alertStateName[alert.to] },
      ...{ severity: severityName(alert.severity), since: alert.sinceMs, metric: alert.figure?.metric ?? '' },
      ...{ value: alert.figure?.value ?? null, samples: alert.figure?.samples ?? null, limit: alert.limit },
      ...{
        reason: alert.reason,
        role: roleName[alert.role],
        gate: alert.gate,
        summary,
        labels: JSON.stringify(labels),
      },
    });
  },
};

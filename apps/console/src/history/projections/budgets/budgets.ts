import { severityName } from '@moola/contracts/definitions/severities';
import type { Snapshot } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { topics } from '@moola/contracts/topics';
import { segmentPair } from '@moola/wording/segments';
import { verdictName } from '../../../read-model/names.js';
import { boolean, count, instant, json, model, number, text, version } from '../../schema/columns.js';
import { keptByDefault, type RowTable } from '../../schema/table.js';
import type { Projection } from '../projection.js';

export const budgetStates: RowTable = {
  ...{ kind: 'rows', name: 'budgetStates' },
  text: 'States of budgets, at each change.',
  columns: [
    instant('time', 'When it changed.'),
    model,
    version,
    text('verdict', 'within, out or unknown.'),
    boolean('knownGood', 'The gates held for the stated time, once.'),
    boolean('serving', 'Whether the version served.'),
    boolean('undeclared', 'Nobody declared the model: this is the default budget.'),
    number('windowMs', 'The window over which the lines are judged, milliseconds.'),
    count('linesOut', 'How many lines are out.'),
    json('lines', 'The lines: metric, verdict, limit, value, samples.'),
  ],
  ...{ key: ['model', 'version', 'time'], time: 'time', revised: 'replace' },
  ...{ keptMs: keptByDefault.rows, mostRows: 1_000_000 },
};

/** What a budget said whenever that changed. */
export const budgets: Projection<Snapshot> = {
  ...{ name: 'budgets', topic: topics.snapshots, tables: [budgetStates] },
  take({ atMs, model: name, kind }, sink) {
    if (kind.case !== 'budget') return;
    const { version: of, verdict, knownGood, serving, undeclared, windowMs } = kind.value;
    const lines = kind.value.lines.map((line) => ({
      ...{ metric: line.metric, verdict: verdictName[line.verdict], gate: line.gate, limit: line.limit },
      ...{ severity: severityName(line.severity), value: line.figure?.value ?? null },
      samples: line.figure?.samples ?? null,
      segment: line.segment ? segmentPair(line.segment) : '',
    }));
    sink.row(budgetStates, {
      ...{
        time: atMs,
        model: name,
        version: of,
        verdict: verdictName[verdict],
        knownGood,
        serving,
        undeclared,
        windowMs,
      },
      linesOut: lines.filter((line) => line.verdict === 'out').length,
      lines: JSON.stringify(lines),
    });
  },
};

import type { Snapshot } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { topics } from '@moola/contracts/topics';
import { roleName } from '../../../read-model/names.js';
import { count, model, number, role, rolled, version } from '../../schema/columns.js';
import { keptByDefault, type RollupTable } from '../../schema/table.js';
import type { Projection } from '../projection.js';

/**
 * As far back as the door takes events, and outcomes may follow: a later revision of a minute must still find it, or the
 * hour that it is part of could not be computed again.
 */
const minutesMs = 35 * 24 * 3_600_000;

export const bucketsTable: RollupTable = {
  ...{ kind: 'rollup', name: 'buckets' },
  text: 'Exact sums by the time of the predictions, from closed buckets; outcomes that come later revise them.',
  series: [model, version, role],
  values: [
    rolled('sum', count('predictions', 'Predictions in the bucket.')),
    rolled('sum', count('errors', 'Those that failed.')),
    rolled('sum', count('labelled', 'Those whose truth is known by now.')),
    rolled('sum', count('correct', 'Those of them that were right.')),
    rolled('sum', number('costUsd', 'What they cost, US dollars.')),
    rolled('sum', number('latencySumMs', 'Sum of their latencies, milliseconds.')),
    rolled('sum', count('latencyCount', 'How many stated one.')),
    rolled('most', count('revision', 'How often the bucket was revised; of longer buckets the most of any minute.')),
  ],
  kept: { minutesMs, tenMinutesMs: keptByDefault.tenMinutes, hoursMs: keptByDefault.hours },
};

/** Closed buckets, and their revisions. */
export const buckets: Projection<Snapshot> = {
  ...{ name: 'buckets', topic: topics.snapshots, tables: [bucketsTable] },
  take({ model: name, kind }, sink) {
    if (kind.case !== 'bucket') return;
    const { startMs, predictions, errors, labelled, correct } = kind.value;
    const { costUsd, latencySumMs, latencyCount, revision } = kind.value;
    const series = [name, kind.value.version, roleName[kind.value.role]];
    const sums = [predictions, errors, labelled, correct, costUsd, latencySumMs, latencyCount, revision];
    sink.figure(bucketsTable, series, startMs, sums);
  },
};

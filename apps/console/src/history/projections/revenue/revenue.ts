import type { Kpi } from '@moola/contracts/gen/moola/v1/kpis_pb';
import { topics } from '@moola/contracts/topics';
import { model, number, rolled } from '../../schema/columns.js';
import { keptByDefault, type RollupTable } from '../../schema/table.js';
import type { Projection } from '../projection.js';

export const revenueTable: RollupTable = {
  ...{ kind: 'rollup', name: 'revenue' },
  text: 'The money of each model, as it stood at the end of each bucket; null where nobody declared what an answer is worth.',
  series: [model],
  values: [
    rolled('last', number('projectedPerDayUsd', 'Projection: accuracy × predictions a day × value, US dollars.')),
    rolled('last', number('earnedUsd', 'Correct answers × value since the model is known, US dollars.')),
    rolled('last', number('lossPerMinuteUsd', 'What being out of budget costs a minute, US dollars.')),
    rolled('last', number('efficiencyScore', '(projected − cost) ÷ cost, a day; null without costs.')),
    rolled('last', number('accuracySamples', 'Labels that the projection rests on.')),
  ],
  kept: { minutesMs: keptByDefault.minutes, tenMinutesMs: keptByDefault.tenMinutes, hoursMs: keptByDefault.hours },
};

/** Revenue, as the bridge projects and counts it. */
export const revenue: Projection<Kpi> = {
  ...{ name: 'revenue', topic: topics.kpis, tables: [revenueTable] },
  take({ atMs, model: name, kind }, sink) {
    if (kind.case !== 'revenue') return;
    const { projectedPerDayUsd, earnedUsd, lossPerMinuteUsd, efficiencyScore, accuracySamples } = kind.value;
    const usd = (value: number) => (kind.value.valueUndeclared ? null : value);
    const values = [projectedPerDayUsd ?? null, usd(earnedUsd), usd(lossPerMinuteUsd), efficiencyScore ?? null];
    sink.figure(revenueTable, [name], atMs, [...values, accuracySamples]);
  },
};

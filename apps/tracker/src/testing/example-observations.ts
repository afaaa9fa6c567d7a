import type { ObservationRow } from '@moola/contracts/rows';
import { beforeEachTick, exampleModel as model, type ExampleStory } from '@moola/testing/example-story';
import type { TestRow } from '@moola/testing/run-processor';
import { deploymentRow, labelledRow, predictionRow } from './observation-rows.js';

/** The example's log as rows of `observations`, as the join gives them: tick by tick, what serves as the oracle saw it. */
export function observationsOf({ definitions, deployments, answers, ticks }: ExampleStory): TestRow<ObservationRow>[] {
  const known = answers.filter(({ truth }) => truth !== '');
  const groups = new Map([...new Set(known.map(({ input }) => input))].map((input, i) => [input, i]));
  const deployed = beforeEachTick(deployments, ({ timeMs }) => timeMs);
  const predicted = beforeEachTick(answers, ({ timeMs }) => timeMs);
  const labelled = beforeEachTick(known, ({ knownAtMs }) => knownAtMs);
  return [
    ...definitions.map((definition) => ({ definition })),
    ...ticks.flatMap((tick): TestRow<ObservationRow>[] => {
      const labels = labelled(tick).map((answer) => ({ ...answer, group: groups.get(answer.input) ?? -1 }));
      const rows: ObservationRow[] = [
        ...deployed(tick).map(({ version, role, timeMs }) => deploymentRow(model, version, role, timeMs)),
        ...predicted(tick).map(({ version, role, timeMs, class: answer, latencyMs }) =>
          predictionRow({ model, version, role, timeMs, class: answer, latencyMs }),
        ),
        ...labels
          .sort((a, b) => a.group - b.group)
          .map(({ version, role, timeMs: predictedAtMs, knownAtMs, class: answer, truth, group }) =>
            labelledRow({ model, version, role, predictedAtMs, knownAtMs, class: answer, truth, group }),
          ),
      ];
      return [...rows.map((data) => ({ data })), { tick }];
    }),
  ];
}

import { expect, it } from '@jest/globals';
import { topics } from '@moola/contracts/topics';
import { eventually } from '@moola/streams/testing/eventually';
import { ModuleOnLog } from '@moola/testing/module-on-log';
import { deployment, labelled } from './comparison/story/observation-rows.js';
import { ExperimentModule } from './experiment.module.js';

it('publishes comparisons of what stands on a durable log', async () => {
  const experiment = await ModuleOnLog.start(ExperimentModule, 'replay');
  const row = { input: 'a', group: 1, predictedAtMs: 1, knownAtMs: 2 };
  const observations = [deployment('v1', 0), labelled('v0', true, row), labelled('v1', false, row)];
  const data = observations.map((value) => ({ kind: 'data', value }) as const);
  await experiment.append(topics.observations, ...data, { kind: 'tick', tickMs: 60_000 });

  const signals = () => experiment.data(topics.signals);
  await eventually('the comparison is published', async () => (await signals()).length > 0);
  expect(await signals()).toMatchObject([
    { atMs: 60_000, kind: { case: 'comparison', value: { first: 'v0', second: 'v1', serving: 'v1', pairs: 1 } } },
  ]);
  await experiment.close();
});

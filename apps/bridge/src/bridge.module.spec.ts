import { expect, it } from '@jest/globals';
import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { topics } from '@moola/contracts/topics';
import { eventually } from '@moola/streams/testing/eventually';
import { ModuleOnLog } from '@moola/testing/module-on-log';
import { BridgeModule } from './bridge.module.js';
import { bucket, deployment, minute } from './money/story/snapshot-rows.js';

it('publishes revenue of what stands on a durable log', async () => {
  const bridge = await ModuleOnLog.start(BridgeModule, 'replay');
  const counts = { predictions: 6, labelled: 6, correct: 4 };
  const snapshots = [deployment('v1', 0), bucket('v1', Role.PRIMARY, 0, 1, counts)];
  const data = snapshots.map((value) => ({ kind: 'data', value }) as const);
  await bridge.append(topics.snapshots, ...data, { kind: 'tick', tickMs: minute });

  const kpis = () => bridge.data(topics.kpis);
  await eventually('the revenue is published', async () => (await kpis()).length > 0);
  expect(await kpis()).toMatchObject([
    { atMs: minute, kind: { case: 'revenue', value: { servingVersion: 'v1', valueUndeclared: true } } },
  ]);
  await bridge.close();
});

import { expect, it } from '@jest/globals';
import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { topics } from '@moola/contracts/topics';
import { eventually } from '@moola/streams/testing/eventually';
import { ModuleOnLog } from '@moola/testing/module-on-log';
import { deploymentRow, predictionRow } from './testing/observation-rows.js';
import { minuteMs } from './testing/tracker-story.js';
import { TrackerModule } from './tracker.module.js';

it('publishes windows of what stands on a durable log', async () => {
  const tracker = await ModuleOnLog.start(TrackerModule, 'replay');
  const rows = [deploymentRow('M', 'v1', Role.PRIMARY, 0), predictionRow({ timeMs: 1000 })];
  const data = rows.map((value) => ({ kind: 'data', value }) as const);
  await tracker.append(topics.observations, ...data, { kind: 'tick', tickMs: minuteMs });

  const windows = async () => (await tracker.data(topics.snapshots)).filter(({ kind }) => kind.case === 'window');
  await eventually('windows are published', async () => (await windows()).length > 0);
  expect(await windows()).toContainEqual(
    expect.objectContaining({
      atMs: minuteMs,
      kind: { case: 'window', value: expect.objectContaining({ version: 'v1', serving: true, windowMs: minuteMs }) },
    }),
  );
  await tracker.close();
});

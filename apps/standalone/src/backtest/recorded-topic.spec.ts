import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { create, toJson } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Module } from '@nestjs/common';
import { CollectorModule } from '@moola/collector/collector.module';
import { predictionRow } from '@moola/collector/receive/domain/prediction-row';
import { parseDefinitions } from '@moola/contracts/definitions/parse-definitions';
import { SnapshotSchema, type Snapshot } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { EventSchema, PredictionSchema, Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { IntakeRow } from '@moola/contracts/rows';
import { topics } from '@moola/contracts/topics';
import { eventually } from '@moola/streams/testing/eventually';
import { ModuleOnLog } from '@moola/testing/module-on-log';
import { TrackerModule } from '@moola/tracker/tracker.module';
import { JoinAndTrack } from './join-and-track.js';

const definitions = `kind: Model
name: churn
labelHorizon: 1h
bucket: 1s
budget: { window: 10m, lines: [{ metric: accuracy, below: 0.8, severity: critical, gate: true, minimumSamples: 5 }] }
---
kind: Rule
name: Drop
model: churn
metric: accuracy
window: 10m
compare: figure
below: 0.8
for: 200ms
keepFiringFor: 0s
severity: critical
minimumSamples: 5
---
kind: Rule
name: Slow
model: churn
metric: latency_p95
window: 10m
compare: figure
above: 50
for: 0s
keepFiringFor: 0s
severity: warning
minimumSamples: 5
`;

@Module({ imports: [CollectorModule.with({ key: Buffer.alloc(32) }), TrackerModule] })
class CollectorAndTracker {}

describe('a topic that was recorded live', () => {
  let live: ModuleOnLog;
  let sent = 0;

  const send = (count: number, predicted: string, latencyMs: number) =>
    live.append(
      topics.intake,
      ...Array.from({ length: count }).flatMap((): { kind: 'data'; value: IntakeRow }[] => {
        const [input, time] = [`i${sent++}`, timestampFromMs(Date.now())];
        const prediction = create(PredictionSchema, {
          ...{ model: 'churn', version: 'v1', role: Role.PRIMARY, input, time, class: predicted, latencyMs },
        });
        const outcome = create(EventSchema, {
          ...{ id: `o-${input}`, source: 'test' },
          kind: { case: 'outcome', value: { model: 'churn', input, truth: '1', knownAt: time } },
        });
        return [
          { kind: 'data', value: predictionRow(`p-${input}`, 'test', prediction) },
          { kind: 'data', value: { kind: 'event', event: outcome } },
        ];
      }),
    );
  const alerts = (snapshots: readonly Snapshot[]) =>
    snapshots.filter(({ kind }) => kind.case === 'alert').map((snapshot) => toJson(SnapshotSchema, snapshot));
  const changed = (count: number) =>
    eventually(`${count} alerts have changed`, async () => alerts(await live.data(topics.snapshots)).length >= count);

  beforeAll(async () => {
    live = await ModuleOnLog.start(CollectorAndTracker, 'wall');
    const parsed = parseDefinitions(definitions, 'churn.yaml');
    if (!('definitions' in parsed)) throw new Error(JSON.stringify(parsed.problems));
    const rows = parsed.definitions.map((value) => ({ kind: 'data' as const, value }));
    await live.append(topics.definitions, ...rows);
    await eventually('definitions are in force', async () => (await live.definitions(topics.snapshots)).length >= 3);
  });
  afterAll(() => live.close());

  it('gives in a backtest the very transitions that it gave live', async () => {
    await send(10, '0', 80);
    // One fires at once, the other is pending first.
    await changed(3);
    await send(200, '1', 5);
    await changed(5);
    const told = alerts(await live.data(topics.snapshots));
    expect(told).toHaveLength(5);
    const again: Snapshot[] = [];
    const backtest = new JoinAndTrack((snapshot) => void again.push(snapshot));
    for (const row of await live.rows(topics.intake)) backtest.apply(row);
    expect(alerts(again)).toEqual(told);
    expect(backtest.unusable).toBe(0);
  });
});

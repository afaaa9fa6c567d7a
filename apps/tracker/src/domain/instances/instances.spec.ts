import { describe, expect, it } from '@jest/globals';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { AlertState, type InstanceSnapshot, type Snapshot } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { InfrastructureSampleSchema, type InfrastructureSample } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { sampleRow } from '../../testing/observation-rows.js';
import { minuteMs, modelDefinition, TrackerStory } from '../../testing/tracker-story.js';
import { meanOf, newInstance, observeSample } from './instance-record.js';

type Fields = Exclude<MessageInitShape<typeof InfrastructureSampleSchema>, InfrastructureSample>;
const second = 1000;

function heard(snapshots: readonly Snapshot[]): string[] {
  return snapshots.flatMap(({ atMs, kind }) => {
    if (kind.case !== 'alert' || kind.value.subject === undefined) return [];
    const { rule, subject, to, reason } = kind.value;
    if (to === AlertState.PENDING || to === AlertState.INACTIVE) return [];
    return [`${atMs / minuteMs}: ${rule} on ${subject.name} ${AlertState[to]}, ${reason}`];
  });
}
const instancesOf = (snapshots: readonly Snapshot[]): InstanceSnapshot[] =>
  snapshots.flatMap(({ kind }) => (kind.case === 'instance' ? [kind.value] : []));

/** A sample a minute, each followed by a tick. */
function serve(story: TrackerStory, [from, to]: readonly [number, number], fields: Fields): TrackerStory {
  for (let minute = from; minute <= to; minute++) story.row(sampleRow(minute * minuteMs, fields)).tick(minute + 0.5);
  return story;
}

describe('instances in the tracker', () => {
  it('are published with the means of a minute', () => {
    const story = new TrackerStory(modelDefinition());
    const memory = { memoryBytes: 3e9, memoryLimitBytes: 4e9 };
    story
      .row(sampleRow(20 * second, { cpuRatio: 0.2, ...memory }))
      .row(sampleRow(40 * second, { cpuRatio: 0.4 }))
      .tick(1);
    const [instance] = instancesOf(story.snapshots());
    expect(instance).toMatchObject({ instance: 'pod-1', heardMs: 40_000, silent: false, memoryLimitBytes: 4e9 });
    const values = Object.fromEntries(
      instance!.figures.map(({ metric, value, samples }) => [metric, [value, samples]]),
    );
    expect(values['instance_cpu']?.[0]).toBeCloseTo(0.3, 12);
    expect(values).toMatchObject({ instance_memory: [0.75, 1], instance_memory_used: [3e9, 1] });
    expect(values['instance_gpu']).toEqual([undefined, 0]);
  });

  it.each([
    ['cpuRatio', 0.91, '11.5: InstanceCpuHigh on pod-1 FIRING, condition held'],
    ['memoryRatio', 0.91, '6.5: InstanceMemoryHigh on pod-1 FIRING, condition held'],
    ['diskRatio', 0.86, '1.5: InstanceDiskFull on pod-1 FIRING, condition held'],
    ['gpuMemoryRatio', 0.96, '6.5: InstanceGpuMemoryHigh on pod-1 FIRING, condition held'],
  ])('whose %s is too high for long enough alert; just below they do not', (field, ratio, alert) => {
    const high = serve(new TrackerStory(modelDefinition()), [1, 15], { [field]: ratio });
    expect(heard(high.snapshots())).toEqual([alert]);
    const low = serve(new TrackerStory(modelDefinition()), [1, 15], { [field]: ratio - 0.02 });
    expect(heard(low.snapshots())).toEqual([]);
  });

  it('that are silent for two minutes alert; after an hour they were removed: the alert ends, and they are forgotten', () => {
    const story = serve(new TrackerStory(modelDefinition()), [1, 2], { cpuRatio: 0.1 });
    for (let minute = 3; minute <= 70; minute++) story.tick(minute + 0.5);
    const snapshots = story.snapshots();
    expect(heard(snapshots)).toEqual([
      '4.5: InstanceSilent on pod-1 FIRING, condition held',
      '62.5: InstanceSilent on pod-1 RESOLVED, ended',
    ]);
    expect(instancesOf(snapshots).map(({ silent, forgotten }) => [silent, forgotten])).toEqual([
      ...[
        [false, false],
        [false, false],
        [true, false],
        [false, true],
      ],
    ]);
  });

  it('of yesterday are no news', () => {
    const story = new TrackerStory(modelDefinition())
      .tick(24 * 60)
      .row(sampleRow(0, { cpuRatio: 1 }))
      .tick(24 * 60 + 1);
    expect(instancesOf(story.snapshots())).toEqual([]);
  });

  it('are 2,000 of a model at most', () => {
    const story = new TrackerStory();
    for (let i = 0; i < 5000; i++) story.row(sampleRow(i, { instance: `pod-${i}` }));
    const shown = instancesOf(story.tick(1).snapshots()).map(({ instance }) => instance);
    expect(shown.length).toBeGreaterThan(1790);
    expect(shown.length).toBeLessThanOrEqual(2000);
    expect(shown).toContain('pod-4999');
  });
});

describe('the samples of an instance', () => {
  it('are counted by their time, whichever order they come in, for 15 minutes', () => {
    const instance = newInstance(0);
    const take = (atSecond: number, cpuRatio: number) =>
      observeSample(instance, create(InfrastructureSampleSchema, { cpuRatio }), atSecond * second);
    for (const [at, cpu] of [
      [1000, 0.5],
      [970, 0.1],
      [985, 0.3],
      [20, 1],
    ] as const)
      take(at, cpu);
    expect(meanOf(instance, 'cpu', 60 * second, 1000 * second)).toEqual({ value: 0.3, samples: 3 });
    expect(meanOf(instance, 'cpu', 15 * second, 1000 * second)).toEqual({ value: 0.5, samples: 1 });
    expect(meanOf(instance, 'cpu', 30 * second, 1000 * second)).toEqual({ value: 0.4, samples: 2 });
    expect(meanOf(instance, 'cpu', 900 * second, 1000 * second).samples).toBe(3);
    for (let at = 0; at < 10_000; at++) take(1000 + at, 0.5);
    expect(instance.buckets.length).toBeLessThanOrEqual(61);
    expect(meanOf(instance, 'cpu', 60 * second, 9_000_000 * second)).toEqual({ value: undefined, samples: 0 });
  });
});

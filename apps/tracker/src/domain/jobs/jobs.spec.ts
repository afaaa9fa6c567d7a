import { describe, expect, it } from '@jest/globals';
import { create } from '@bufbuild/protobuf';
import { Comparator, DefinitionSchema, Severity } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { AlertState, JobState, type JobSnapshot, type Snapshot } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { progressRow } from '../../testing/observation-rows.js';
import { minuteMs, modelDefinition, ruleDefinition, TrackerStory } from '../../testing/tracker-story.js';

const limit = 16e9;

/** Alert transitions on jobs, a line each. */
function heard(snapshots: readonly Snapshot[]): string[] {
  return snapshots.flatMap(({ atMs, model, kind }) => {
    if (kind.case !== 'alert' || kind.value.subject === undefined) return [];
    const { rule, subject, to, transition, reason, undeclared } = kind.value;
    const where = `${model}/${subject.name}${undeclared ? ' (undeclared)' : ''}`;
    return [`${atMs / minuteMs}: ${rule} on ${where} #${transition} ${AlertState[to]}, ${reason}`];
  });
}

const jobsOf = (snapshots: readonly Snapshot[]): JobSnapshot[] =>
  snapshots.flatMap(({ kind }) => (kind.case === 'job' ? [kind.value] : []));
const statesOf = (snapshots: readonly Snapshot[]): string[] =>
  snapshots.flatMap(({ atMs, kind }) =>
    kind.case === 'job'
      ? [`${atMs / minuteMs} ${kind.value.forgotten ? 'forgotten' : JobState[kind.value.state]}`]
      : [],
  );

/** Reports of a job at every minute of a span, each followed by a tick. */
function train(
  story: TrackerStory,
  [from, to]: readonly [number, number],
  report: (minute: number) => Parameters<typeof progressRow>[1],
): TrackerStory {
  for (let minute = from; minute <= to; minute++) {
    story.row(progressRow(minute * minuteMs, report(minute))).tick(minute + 0.5);
  }
  return story;
}

const at = (minute: number) => ({ step: BigInt(10 * minute), totalSteps: 1000n, loss: 1 / (1 + minute) });

describe('training jobs in the tracker', () => {
  it('are published with pace, time left, loss and memory', () => {
    const story = train(new TrackerStory(modelDefinition()), [1, 20], (minute) => ({
      ...at(minute),
      ...{ memoryBytes: 2e9 + minute * 1e8, memoryLimitBytes: limit, checkpoint: minute % 5 === 0 ? 'saved' : '' },
    }));
    const job = jobsOf(story.snapshots()).at(-1)!;
    expect(job).toMatchObject({ job: 'fit', state: JobState.RUNNING, step: 200, totalSteps: 1000, undeclared: false });
    expect(job.stepsPerSecond?.value).toBeCloseTo(10 / 60, 9);
    expect(job.timeLeft?.value).toBeCloseTo(80 * minuteMs, 3);
    expect(job.losses.map(({ step }) => step)).toEqual(Array.from({ length: 20 }, (_, i) => 10 * (i + 1)));
    expect(job).toMatchObject({ memoryBytes: 4e9, memoryLimitBytes: limit, checkpointsSaved: 4, checkpointsFailed: 0 });
    expect(job.outOfMemoryIn?.value).toBeCloseTo(120 * minuteMs, 3);
    const figures = Object.fromEntries(job.figures.map(({ metric, value }) => [metric, value]));
    expect(figures).toMatchObject({ job_memory: 0.25, job_duration: 19.5, job_failed: 0, job_checkpoint_failures: 0 });
    expect(figures['job_time_to_oom']).toBeCloseTo(120, 6);
    expect(figures['job_loss']).toBeCloseTo(1 / 21, 9);
  });

  it('that stall are said to be stalled after 30 minutes, and alert; the next step ends it', () => {
    const story = train(new TrackerStory(modelDefinition()), [1, 10], at);
    train(story, [11, 50], () => at(10));
    train(story, [51, 52], (minute) => at(minute - 40));
    const snapshots = story.snapshots();
    expect(statesOf(snapshots).filter((line, i, all) => line.split(' ')[1] !== all[i - 1]?.split(' ')[1])).toEqual([
      '1.5 RUNNING',
      '40.5 STALLED',
      '51.5 RUNNING',
    ]);
    expect(heard(snapshots)).toEqual([
      '40.5: PretrainingStalled on M/fit #1 FIRING, condition held',
      '51.5: PretrainingStalled on M/fit #2 RESOLVED, recovered',
    ]);
  });

  it('that stop reporting stall as well', () => {
    const story = train(new TrackerStory(), [1, 5], at);
    for (let minute = 6; minute < 40; minute++) story.tick(minute);
    expect(heard(story.snapshots())).toEqual([
      '36: PretrainingStalled on M/fit (undeclared) #1 FIRING, condition held',
    ]);
  });

  it('that will run out of memory alert before they do', () => {
    const grow = (minute: number) => ({ ...at(minute), memoryBytes: 1e9 + minute * 2.5e8, memoryLimitBytes: limit });
    // The limit is reached at minute 60.
    const story = train(new TrackerStory(modelDefinition()), [1, 59], grow);
    train(story, [60, 60], (minute) => ({ ...grow(minute), outOfMemory: true, state: 'failed' }));
    expect(heard(story.snapshots())).toEqual(['30.5: PretrainingOOM on M/fit #1 FIRING, condition held']);
  });

  it('that have run out of memory without a warning alert, until they go on from a checkpoint', () => {
    const story = train(new TrackerStory(modelDefinition()), [1, 3], at);
    train(story, [4, 4], (minute) => ({ ...at(minute), outOfMemory: true, state: 'failed' }));
    story.tick(60);
    const memory = { memoryBytes: 1e9, memoryLimitBytes: limit };
    train(story, [61, 67], (minute) => ({ ...at(minute - 60), ...memory }));
    expect(heard(story.snapshots())).toEqual([
      '4.5: PretrainingOOM on M/fit #1 FIRING, condition held',
      '66.5: PretrainingOOM on M/fit #2 RESOLVED, recovered',
    ]);
  });

  it('whose checkpoints fail several times within an hour alert; one failure does not', () => {
    const failing = (minutes: readonly number[]) =>
      train(new TrackerStory(modelDefinition()), [1, 100], (minute) => ({
        ...at(minute),
        checkpoint: minutes.includes(minute) ? 'failed' : '',
      }));
    expect(heard(failing([10, 75]).snapshots())).toEqual([]);
    expect(heard(failing([10, 20]).snapshots())).toEqual([
      '20.5: PretrainingCheckpointFailed on M/fit #1 FIRING, condition held',
      '70.5: PretrainingCheckpointFailed on M/fit #2 RESOLVED, recovered',
    ]);
  });

  it('that take more than four hours alert; when they finish their alerts end, and a day later they are forgotten', () => {
    const story = train(new TrackerStory(modelDefinition()), [1, 250], at);
    train(story, [251, 251], (minute) => ({ ...at(minute), state: 'finished' }));
    story
      .tick(252)
      .tick(251 + 24 * 60 - 1)
      .tick(251 + 24 * 60);
    const snapshots = story.snapshots();
    expect(heard(snapshots)).toEqual([
      '241.5: PretrainingLongDuration on M/fit #1 FIRING, condition held',
      '251.5: PretrainingLongDuration on M/fit #2 RESOLVED, ended',
    ]);
    expect(statesOf(snapshots).slice(-2)).toEqual(['251.5 FINISHED', '1691 forgotten']);
  });

  it('follow rules of the user: on every job of the models that they match, instead of the default ones', () => {
    const rule = (name: string, model: string) =>
      ruleDefinition(name, {
        model,
        ...{ metric: 'job_loss', comparator: Comparator.ABOVE, limit: 0.5, windowMs: 0, severity: Severity.WARNING },
      });
    const story = new TrackerStory(modelDefinition(), rule('LossHigh', ''), rule('OfOthers', 'N'));
    story.row(progressRow(0, { job: 'a', loss: 0.7 })).row(progressRow(0, { job: 'b', loss: 0.1 }));
    story
      .row(progressRow(0, { model: 'N', job: 'c', loss: 3 }))
      .tick(1)
      .tick(200);
    expect(heard(story.snapshots())).toEqual([
      '1: LossHigh on M/a #1 FIRING, condition held',
      '1: LossHigh on N/c (undeclared) #1 FIRING, condition held',
      '1: OfOthers on N/c (undeclared) #1 FIRING, condition held',
    ]);
    story.define(create(DefinitionSchema, { name: 'LossHigh', kind: { case: 'deletion', value: { kind: 'rule' } } }));
    story.tick(201);
    expect(heard(story.snapshots()).slice(3)).toEqual([
      '201: LossHigh on M/a #2 RESOLVED, rule removed',
      '201: PretrainingStalled on M/a #1 FIRING, condition held',
      '201: PretrainingStalled on M/b #1 FIRING, condition held',
      '201: LossHigh on N/c (undeclared) #2 RESOLVED, rule removed',
    ]);
  });

  it('follow rules with levels, and are held back by other rules on the same job alone', () => {
    const memory = { metric: 'job_memory', comparator: Comparator.ABOVE, limit: 0.5, keepFiringForMs: minuteMs };
    const levels = [
      { severity: Severity.WARNING, limit: 0.5, forMs: 2 * minuteMs },
      { severity: Severity.CRITICAL, limit: 0.8, forMs: minuteMs },
    ];
    const story = new TrackerStory(
      modelDefinition(),
      ruleDefinition('Memory', { ...memory, severity: Severity.WARNING, forMs: 2 * minuteMs, levels }),
      ruleDefinition('Quiet', { ...memory, severity: Severity.INFO, forMs: 3 * minuteMs, unless: ['Memory'] }),
    );
    const used = (minute: number): number => (minute < 5 ? 0.4 : minute < 12 ? 0.6 : minute < 16 ? 0.9 : 0.3);
    train(story, [1, 20], (minute) => ({ ...at(minute), memoryBytes: used(minute) * limit, memoryLimitBytes: limit }));
    const alerts = story.snapshots().flatMap(({ atMs, kind }) => {
      if (kind.case !== 'alert' || kind.value.subject?.name !== 'fit') return [];
      const { rule, to, severity, severityBefore } = kind.value;
      return [`${atMs / minuteMs} ${rule} ${AlertState[to]} ${Severity[severityBefore]} → ${Severity[severity]}`];
    });
    expect(alerts.filter((line) => line.includes('Memory'))).toEqual([
      '5.5 Memory PENDING UNSPECIFIED → WARNING',
      '7.5 Memory FIRING UNSPECIFIED → WARNING',
      '13.5 Memory FIRING WARNING → CRITICAL',
      '17.5 Memory RESOLVED CRITICAL → CRITICAL',
    ]);
    expect(alerts.filter((line) => line.includes('Quiet FIRING'))).toEqual([]);
  });

  it('alert no version, and versions are not alerted by their rules', () => {
    const story = new TrackerStory(
      modelDefinition(),
      ruleDefinition('Stall', { metric: 'job_without_progress', comparator: Comparator.ABOVE, limit: 1, windowMs: 0 }),
    );
    story.deploy(0, 'v1').predict(0, 10).row(progressRow(0)).tick(1).tick(3);
    const transitions = story.transitions();
    expect(transitions.map(({ rule, version, subject }) => [rule, version, subject?.name])).toEqual([
      ['Stall', '', 'fit'],
    ]);
  });

  it('are 500 of a model at most: of 20,000 names the newest stay, and alerts of those that go end', () => {
    const story = new TrackerStory();
    story.row(progressRow(0, { job: 'first', outOfMemory: true })).tick(1);
    for (let i = 0; i < 20_000; i++) story.row(progressRow(minuteMs + i, { job: `job-${i}`, step: 1n }));
    const snapshots = story.tick(3).tick(4).snapshots();
    const published = new Set(jobsOf(snapshots).map(({ job }) => job));
    expect(published.size).toBeLessThanOrEqual(501);
    expect(published.size).toBeGreaterThan(450);
    expect(published.has('job-19999') && published.has('job-19550') && !published.has('job-19000')).toBe(true);
    expect(heard(snapshots)).toEqual([
      '1: PretrainingOOM on M/first (undeclared) #1 FIRING, condition held',
      '1: PretrainingOOM on M/first (undeclared) #2 RESOLVED, ended',
    ]);
    expect(
      jobsOf(snapshots)
        .filter(({ forgotten }) => forgotten)
        .map(({ job }) => job),
    ).toEqual(['first']);
  });

  it('may be told of from ahead of the clock', () => {
    const story = new TrackerStory().row(progressRow(5 * minuteMs, { step: 3n })).tick(1);
    expect(jobsOf(story.snapshots())[0]).toMatchObject({ state: JobState.RUNNING, step: 3, heardMs: 5 * minuteMs });
    expect(jobsOf(story.snapshots())[0]?.figures.find(({ metric }) => metric === 'job_duration')?.value).toBe(0);
  });
});

import { z } from 'zod';
import { figureView } from './figure-view.js';
import type { ViewOf } from './view.js';

/* What the read API answers of training jobs, instances and measurements. */

const timeMs = z.number().describe('Milliseconds since the epoch.');
const count = z.number();

const estimateView = z
  .strictObject({
    value: z.number(),
    lower: z.number().nullable().describe('Of the 95 % interval; null where there is none.'),
    upper: z.number().nullable().describe('null beside `lower`: no end in sight.'),
  })
  .nullable();
export type EstimateView = ViewOf<typeof estimateView>;

export const jobStates = ['stalled', 'failed', 'running', 'finished'] as const;

export const jobSummaryView = z.strictObject({
  model: z.string(),
  job: z.string(),
  state: z.enum(jobStates).describe('stalled: running, without a new step for 30 minutes.'),
  step: count,
  totalSteps: count.nullable(),
  startedMs: timeMs.describe('When it was first heard of, or began anew after its end.'),
  heardMs: timeMs.describe('Of its latest report.'),
  progressedMs: timeMs.describe('When its step changed last.'),
  endedMs: timeMs.nullable(),
  stepsPerSecond: estimateView,
  timeLeftMs: estimateView.describe('With a 95 % prediction interval; null where steps or pace are not known.'),
  loss: z.number().nullable(),
  memoryBytes: count.nullable(),
  memoryLimitBytes: count.nullable(),
  outOfMemoryInMs: estimateView.describe('At its present growth; null where memory does not grow.'),
  outOfMemory: count.describe('How often it ran out of memory.'),
  checkpointsSaved: count,
  checkpointsFailed: count,
  checkpointMs: timeMs.nullable().describe('When the latest was saved.'),
  restarts: count.describe('How often it went on from an earlier step.'),
  late: count.describe('Reports that were older than one before: only their checkpoint and outOfMemory count.'),
  figures: z.array(figureView),
});
export type JobSummaryView = ViewOf<typeof jobSummaryView>;

export const jobView = jobSummaryView.extend({
  losses: z.array(z.strictObject({ step: count, loss: z.number() })).describe('At most 128 points, thinned evenly.'),
  memory: z.array(z.strictObject({ timeMs, bytes: count })).describe('At most 64 points of the last half hour.'),
});
export type JobView = ViewOf<typeof jobView>;

export const infrastructureView = z.strictObject({
  definition: z.string(),
  model: z.string(),
  server: z.string().describe('Names settings of the collector.'),
  intervalMs: z.number(),
  askedMs: timeMs.nullable().describe('The instant that was asked for last; null: it has not been asked for yet.'),
  answeredMs: timeMs.nullable().describe('When it gave instances last; null: not since this collector asks for it.'),
  instances: count.describe('Of the last answer.'),
  valuesDropped: count.describe('Values of the last answer that were not taken.'),
  problems: z.array(z.string()).describe('What is wrong with the last answer, a line each; at most 8.'),
});
export type InfrastructureView = ViewOf<typeof infrastructureView>;

export const instanceView = z.strictObject({
  model: z.string(),
  instance: z.string(),
  startedMs: timeMs,
  heardMs: timeMs.describe('Of its latest sample.'),
  silent: z.boolean().describe('No sample for two minutes.'),
  memoryLimitBytes: count.nullable(),
  figures: z.array(figureView).describe('Over a minute.'),
});
export type InstanceView = ViewOf<typeof instanceView>;

export const measurementView = z.strictObject({
  model: z.string(),
  measurement: z.string().describe('Its name; empty where `other` is true.'),
  other: z
    .boolean()
    .describe('The values of all names that came after the first 100 of the model: they are only counted.'),
  unit: z.string().describe('Of measure, as its sender writes it; empty where none is sent.'),
  startedMs: timeMs.describe('Of its first value.'),
  heardMs: timeMs.describe('Of its latest value.'),
  values: count.describe('How many values were counted.'),
  valuesOfOtherUnit: count.describe('Values in another unit, which were not counted.'),
  otherUnit: z.string().describe('The unit of the latest of those; empty where there is none.'),
  late: count.describe('Values that came after their bucket was gone: no window holds them.'),
  figures: z.array(figureView).describe('Over an hour.'),
});
export type MeasurementView = ViewOf<typeof measurementView>;

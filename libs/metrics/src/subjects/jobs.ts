import { inMinutes, type JobFigures, type SubjectMetric } from '../subject-metric.js';

const minuteMs = 60_000;
/** What `job_time_to_oom` says at most. */
export const longestForecastMs = 86_400_000;

const about = { subject: 'job', ratio: false, ofWindow: false } as const;
const minutes = { ...about, unit: 'min', shownAs: 'minutes' } as const;
const number = { ...about, unit: 'count', shownAs: 'number' } as const;

/** Every metric of training jobs, in the order in which people read them. */
export const jobMetrics: readonly SubjectMetric<'job'>[] = [
  {
    ...{ ...minutes, name: 'job_without_progress', title: 'Time without progress', worse: 'above' },
    meaning: "time since the job's step changed; 0 once it has ended",
    measure: ({ withoutProgressMs, reports }) => ({ value: withoutProgressMs / minuteMs, samples: reports }),
  },
  {
    ...{ ...minutes, name: 'job_duration', title: 'Training time', worse: 'above' },
    meaning: 'time since the job was first heard of; 0 once it has ended',
    measure: ({ runningMs, reports }) => ({ value: runningMs / minuteMs, samples: reports }),
  },
  {
    ...{ ...minutes, name: 'job_time_left', title: 'Time left', worse: 'above' },
    meaning: 'steps that are left ÷ steps a second, with a 95 % prediction interval',
    measure: ({ timeLeftMs, reports }) =>
      timeLeftMs === undefined ? { value: undefined, samples: reports } : inMinutes(timeLeftMs, reports),
  },
  {
    ...{ ...about, name: 'job_step_rate', title: 'Steps', unit: '1/s', shownAs: 'a second', worse: 'below' },
    meaning: 'steps a second: the median over tenths of the last half hour',
    measure: ({ stepsPerSecond, reports }) => ({ value: undefined, ...stepsPerSecond, samples: reports }),
  },
  {
    ...{ ...about, name: 'job_loss', title: 'Loss', unit: 'value', shownAs: 'number', signed: true, worse: 'above' },
    meaning: 'the loss that the job reported last',
    measure: ({ loss, reports }) => ({ value: loss, samples: reports }),
  },
  {
    ...{
      ...about,
      name: 'job_memory',
      title: 'Memory of its limit',
      unit: 'ratio',
      shownAs: 'percent',
      worse: 'above',
    },
    meaning: 'memory ÷ its limit, as reported last',
    measure: ({ memoryRatio, memoryReports }) => ({ value: memoryRatio, samples: memoryReports }),
  },
  {
    ...{ ...minutes, name: 'job_time_to_oom', title: 'Time until out of memory', worse: 'below' },
    meaning:
      'time until memory reaches its limit if it grows on as in the last half hour; 24 hours where it does not grow or that is farther away, 0 once it has run out of memory',
    source: 'Theil (1950), Sen (1968)',
    measure: timeToOutOfMemory,
  },
  {
    ...{ ...number, name: 'job_checkpoint_failures', title: 'Failed checkpoints', ofWindow: true, worse: 'above' },
    meaning: 'checkpoints that failed, 32 at most',
    measure: (job, windowMs) => ({ value: job.checkpointFailures(windowMs), samples: job.reports }),
  },
  {
    ...{ ...number, name: 'job_restarts', title: 'Restarts', ofWindow: true, worse: 'above' },
    meaning: 'how often the job went on from an earlier step, 32 at most',
    measure: (job, windowMs) => ({ value: job.restarts(windowMs), samples: job.reports }),
  },
  {
    ...{ ...number, name: 'job_failed', title: 'Failed jobs', worse: 'above' },
    meaning: '1 when the job has failed, else 0',
    measure: ({ hasFailed, reports }) => ({ value: hasFailed ? 1 : 0, samples: reports }),
  },
];

function timeToOutOfMemory(job: JobFigures) {
  const { memoryReports, reports, ranOutOfMemory, outOfMemoryInMs } = job;
  if (ranOutOfMemory) return { value: 0, samples: reports };
  if (job.memoryRatio === undefined) return { value: undefined, samples: memoryReports };
  if (outOfMemoryInMs === undefined || outOfMemoryInMs.value >= longestForecastMs) {
    return { value: longestForecastMs / minuteMs, samples: memoryReports };
  }
  return inMinutes(outOfMemoryInMs, memoryReports);
}

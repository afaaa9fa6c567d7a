import {
  JobState,
  type Estimate,
  type InstanceSnapshot,
  type JobSnapshot,
  type MeasurementSnapshot,
} from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { instanceNow, jobNow, measurementNow } from './figures-now.js';
import { figureView } from './names.js';
import {
  jobStates,
  type EstimateView,
  type InstanceView,
  type JobSummaryView,
  type JobView,
  type MeasurementView,
} from './subject-views.js';

const stateName: Readonly<Record<JobState, JobView['state']>> = {
  [JobState.UNSPECIFIED]: 'running',
  [JobState.RUNNING]: 'running',
  [JobState.STALLED]: 'stalled',
  [JobState.FAILED]: 'failed',
  [JobState.FINISHED]: 'finished',
};

const estimate = (of: Estimate | undefined): EstimateView =>
  of === undefined ? null : { value: of.value, lower: of.lower ?? null, upper: of.upper ?? null };

/** The training jobs of one model, as they stand. */
export class JobsFold {
  private readonly jobs = new Map<string, JobView>();

  constructor(private readonly model: string) {}

  get size(): number {
    return this.jobs.size;
  }

  take(snapshot: JobSnapshot): void {
    if (snapshot.forgotten) this.jobs.delete(snapshot.job);
    else this.jobs.set(snapshot.job, jobView(this.model, snapshot));
  }

  /** As it stands at the environment's time. `undefined`: there is no such job, or none any longer. */
  get(job: string, clockMs: number | null): JobView | undefined {
    const found = this.jobs.get(job);
    return found && jobNow(found, clockMs);
  }

  /** As they stand at the environment's time. */
  summaries(clockMs: number | null): JobSummaryView[] {
    return [...this.jobs.values()].map(({ losses: _, memory: __, ...summary }) => jobNow(summary, clockMs));
  }
}

/** Those first that want to be looked at, of these the newest. */
export function byUrgency(one: JobSummaryView, other: JobSummaryView): number {
  const rank = jobStates.indexOf(one.state) - jobStates.indexOf(other.state);
  return rank || other.heardMs - one.heardMs || (one.job < other.job ? -1 : 1);
}

/** The instances of one model, as they stand. */
export class InstancesFold {
  private readonly instances = new Map<string, InstanceView>();

  constructor(private readonly model: string) {}

  get size(): number {
    return this.instances.size;
  }

  take(snapshot: InstanceSnapshot): void {
    const { instance, forgotten, startedMs, heardMs, silent, memoryLimitBytes, figures } = snapshot;
    if (forgotten) this.instances.delete(instance);
    else
      this.instances.set(instance, {
        ...{ model: this.model, instance, startedMs, heardMs, silent },
        memoryLimitBytes: memoryLimitBytes ?? null,
        figures: figures.map(figureView),
      });
  }

  /** As they stand at the environment's time. */
  views(clockMs: number | null): InstanceView[] {
    return [...this.instances.values()].map((instance) => instanceNow(instance, clockMs));
  }
}

/** What was measured of one model, by name. */
export class MeasurementsFold {
  private readonly measurements = new Map<string, MeasurementView>();

  constructor(private readonly model: string) {}

  get size(): number {
    return this.measurements.size;
  }

  take(snapshot: MeasurementSnapshot): void {
    const { measurement, other, unit, startedMs, heardMs, values, valuesOfOtherUnit, otherUnit, late } = snapshot;
    if (snapshot.forgotten) this.measurements.delete(measurement);
    else
      this.measurements.set(measurement, {
        ...{ model: this.model, measurement, other, unit, startedMs, heardMs },
        ...{ values, valuesOfOtherUnit, otherUnit, late },
        figures: snapshot.figures.map(figureView),
      });
  }

  /** As they stand at the environment's time. */
  views(clockMs: number | null): MeasurementView[] {
    return [...this.measurements.values()].map((measurement) => measurementNow(measurement, clockMs));
  }
}

function jobView(model: string, snapshot: JobSnapshot): JobView {
  const { job, state, step, startedMs, heardMs, progressedMs, losses, memory, figures } = snapshot;
  const { outOfMemory, checkpointsSaved, checkpointsFailed, restarts, late } = snapshot;
  return {
    ...{ model, job, state: stateName[state], step, startedMs, heardMs, progressedMs },
    totalSteps: snapshot.totalSteps ?? null,
    endedMs: snapshot.endedMs ?? null,
    stepsPerSecond: estimate(snapshot.stepsPerSecond),
    timeLeftMs: estimate(snapshot.timeLeft),
    loss: losses.at(-1)?.loss ?? null,
    memoryBytes: snapshot.memoryBytes ?? null,
    memoryLimitBytes: snapshot.memoryLimitBytes ?? null,
    outOfMemoryInMs: estimate(snapshot.outOfMemoryIn),
    ...{ outOfMemory, checkpointsSaved, checkpointsFailed, restarts, late },
    checkpointMs: snapshot.checkpointMs ?? null,
    losses: losses.map(({ step: at, loss }) => ({ step: at, loss })),
    memory: memory.map(({ timeMs, bytes }) => ({ timeMs, bytes })),
    figures: figures.map(figureView),
  };
}

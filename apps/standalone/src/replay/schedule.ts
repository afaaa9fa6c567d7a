import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { IntakeRow } from '@moola/contracts/rows';
import type { LoggedEvent } from './log-reader.js';
import type { Release } from './releases.js';
import { reportedModel } from './reported-model.js';
import type { RowsByTime } from './rows-by-time.js';

/** More steps are not replayed: 5.7 years of minutes. A log that needs more has a row with a wrong time, or too short a step. */
export const mostSteps = 3_000_000;

/** What happens in one step of a replay, before the step's tick. */
export interface ReplayStep {
  readonly releases: readonly Release[];
  /** Predictions by time, then outcomes by the time at which they became known. */
  readonly rows: readonly IntakeRow[];
}

/** What a log covers. */
export interface ReplayRange {
  /** Start of the first step. */
  readonly startMs: number;
  /** End of the last step, exclusive. */
  readonly endMs: number;
}

/** What a version answered before its first release is not replayed. */
export class Released {
  private readonly firstOf = new Map<string, number>();

  /** @param releases none: everything is replayed */
  constructor(private readonly releases: readonly Release[]) {
    for (const { version, timeMs } of releases)
      this.firstOf.set(version, Math.min(timeMs, this.firstOf.get(version) ?? timeMs));
  }

  has({ row, timeMs }: LoggedEvent): boolean {
    if (this.releases.length === 0) return true;
    return row.kind !== 'prediction' || timeMs >= (this.firstOf.get(row.version) ?? Infinity);
  }
}

/** The times of what is replayed, while a log is read. */
export class ReplayedTimes {
  private readonly all = { first: Infinity, last: -Infinity };
  private readonly predictions = { first: Infinity, last: -Infinity };
  private readonly reports = { first: Infinity, last: -Infinity };

  add({ row, timeMs }: LoggedEvent): void {
    for (const times of [this.all, ...this.of(row)]) {
      times.first = Math.min(times.first, timeMs);
      times.last = Math.max(times.last, timeMs);
    }
  }

  private of(row: IntakeRow) {
    if (row.kind === 'prediction') return [this.predictions];
    return reportedModel(row) === null ? [] : [this.reports];
  }

  /** Of the first prediction; without any of the first report of a training job or an instance. `Infinity`: there is none. */
  get firstMs(): number {
    return this.predictions.last === -Infinity ? this.reports.first : this.predictions.first;
  }

  /**
   * From the first prediction or release to the last prediction, in whole steps; of a log without predictions, of all there is.
   * @param untilMs end of the replay, exclusive; `null`: the step of the last prediction is the last
   * @returns `null` when there is nothing
   */
  range(releases: readonly Release[], stepMs: number, untilMs: number | null): ReplayRange | null {
    const { first, last } = this.predictions.last === -Infinity ? this.all : this.predictions;
    if (last === -Infinity) return null;
    const floor = (timeMs: number) => Math.floor(timeMs / stepMs) * stepMs;
    return {
      startMs: floor(Math.min(first, releases[0]?.timeMs ?? Infinity)),
      endMs: untilMs ?? floor(last) + stepMs,
    };
  }
}

export const stepsIn = ({ startMs, endMs }: ReplayRange, stepMs: number): number =>
  Math.max(0, Math.ceil((endMs - startMs) / stepMs));

/** Most steps of a long replay are empty: they share this one. */
const emptyStep: ReplayStep = { releases: [], rows: [] };

/**
 * A log cut into steps of equal length: step k covers `[start + k·step, start + (k+1)·step)`, its tick is the end. What was
 * predicted in range but became known after it is left out: nobody knew it yet.
 */
export class ReplaySchedule {
  readonly startMs: number;
  /** How many steps there are. */
  readonly length: number;
  private readonly endMs: number;
  private readonly releases = new Map<number, Release[]>();

  constructor(
    private readonly rows: RowsByTime,
    releases: readonly Release[],
    readonly stepMs: number,
    range: ReplayRange,
  ) {
    this.startMs = range.startMs;
    this.endMs = range.endMs;
    this.length = stepsIn(range, stepMs);
    for (const release of releases) {
      const step = this.stepOf(release.timeMs);
      if (step === null) continue;
      const ofStep = this.releases.get(step) ?? [];
      this.releases.set(step, ofStep);
      ofStep.push(release);
    }
  }

  /** The steps from one on, in order. */
  *stepsFrom(first: number): IterableIterator<ReplayStep> {
    const rows = this.rows.inOrder();
    let next = rows.next();
    for (let step = 0; step < this.length; step++) {
      const ofStep: IntakeRow[] = [];
      for (; next.done !== true; next = rows.next()) {
        const at = this.stepOf(next.value.timeMs);
        if (at !== null && at > step) break;
        if (at === step) ofStep.push(next.value.row);
      }
      if (step < first) continue;
      const releases = this.releases.get(step);
      yield releases === undefined && ofStep.length === 0 ? emptyStep : { releases: releases ?? [], rows: ofStep };
    }
  }

  private stepOf(timeMs: number): number | null {
    const step = Math.floor((timeMs - this.startMs) / this.stepMs);
    return timeMs >= this.endMs || step < 0 ? null : step;
  }
}

/** The role of a version in a replay that follows what serves. */
export function roleOf(version: string, serving: string): Role {
  return version === serving ? Role.PRIMARY : Role.SHADOW;
}

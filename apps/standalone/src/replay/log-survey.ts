import { emptyStretch, tooManySteps } from './gaps.js';
import type { LoggedEvent } from './log-reader.js';
import { LongestGap } from './longest-gap.js';
import type { Release } from './releases.js';
import { reportedModel } from './reported-model.js';
import type { RowsByTime } from './rows-by-time.js';
import { Released, ReplayedTimes, ReplaySchedule } from './schedule.js';
import { undeclaredModels } from './undeclared-models.js';

/** Predictions may carry their real date in this segment, where event time is mapped. */
const dateSegment = 'trading_date';

/** What a log is read for. */
export interface SurveyedFiles {
  readonly log: string;
  readonly definitions: string;
  /** `null`: roles are those of the log. */
  readonly releases: string | null;
  readonly stepMs: number;
  readonly untilMs: number | null;
}

/** What a replay of the log needs, or why there is none. */
export type Survey =
  | {
      readonly ok: true;
      readonly schedule: ReplaySchedule;
      /** Time of the first prediction; of a log without any, of the first report of a training job or an instance. */
      readonly fromMs: number;
      /** What a step is called beside its event time, by how many steps it is from 1970. */
      readonly labels: ReadonlyMap<number, string>;
      readonly warnings: readonly string[];
    }
  /** @param restsOnRows whether rows that were refused may be the reason */
  | { readonly ok: false; readonly problem: string; readonly restsOnRows: boolean };

/** Sees the rows of a log go by: keeps those that are replayed in order, and what is to be known of them all. */
export class LogSurvey {
  private readonly released: Released;
  private readonly times = new ReplayedTimes();
  private readonly gap = new LongestGap();
  private readonly predictions = new Map<string, number>();
  /** Models with training jobs or instances. */
  private readonly watched = new Set<string>();
  private readonly labels = new Map<number, { readonly timeMs: number; readonly label: string }>();
  /** Of each model the versions whose rows say no role. */
  private readonly versionsWithoutRole = new Map<string, Set<string>>();

  /** @param model whose roles must be known; `null`: those of every model that is declared */
  constructor(
    private readonly model: string | null,
    private readonly releases: readonly Release[],
    private readonly files: SurveyedFiles,
    private readonly rows: RowsByTime,
  ) {
    this.released = new Released(releases);
  }

  take(event: LoggedEvent): void {
    const { row, timeMs, line } = event;
    const isPrediction = row.kind === 'prediction';
    if (isPrediction && !event.hasRole) this.addWithoutRole(row.model, row.version);
    if (!this.released.has(event)) return;
    this.times.add(event);
    this.rows.add(event);
    const reported = reportedModel(row);
    if (reported !== null) this.watched.add(reported);
    if (!isPrediction) return;
    this.gap.add({ timeMs, line });
    this.predictions.set(row.model, (this.predictions.get(row.model) ?? 0) + 1);
    const label = row.segments[dateSegment];
    if (label === undefined) return;
    const step = Math.floor(timeMs / this.files.stepMs);
    const before = this.labels.get(step);
    if (before === undefined || before.timeMs <= timeMs) this.labels.set(step, { timeMs, label });
  }

  private addWithoutRole(model: string, version: string): void {
    const versions = this.versionsWithoutRole.get(model);
    if (versions === undefined) this.versionsWithoutRole.set(model, new Set([version]));
    else versions.add(version);
  }

  /** @param declared models that the definitions declare */
  result(declared: ReadonlySet<string>): Survey {
    const { files, model, releases } = this;
    const unclear = [...(model === null ? declared : [model])].find(
      (each) => (this.versionsWithoutRole.get(each)?.size ?? 0) > 1,
    );
    if (files.releases === null && unclear !== undefined) {
      const problem =
        `${files.log}: several versions of ${unclear} answer, and nothing says which one served: ` +
        'give --releases <file>, or the log a column "role"';
      return { ok: false, problem, restsOnRows: false };
    }
    const range = this.times.range(releases, files.stepMs, files.untilMs);
    const fromMs = this.times.firstMs;
    const problem = `${files.log}: holds no prediction to replay, and no report of a training job or an instance`;
    const nothing = { ok: false, problem, restsOnRows: true } as const;
    if (range === null) return nothing;
    const gap = this.gap.get();
    const tooLong = tooManySteps(files.log, gap, range, files.stepMs);
    if (tooLong !== null) return { ok: false, problem: tooLong, restsOnRows: true };
    if (!(fromMs < range.endMs)) return nothing;
    const empty = emptyStretch(files.log, gap, range, files.stepMs);
    const replayed = [...this.labels].filter(([, { timeMs }]) => timeMs < range.endMs);
    return {
      ok: true,
      schedule: new ReplaySchedule(this.rows, releases, files.stepMs, range),
      fromMs,
      labels: new Map(replayed.map(([step, { label }]) => [step, label])),
      warnings: [
        ...undeclaredModels(files, this.predictions, this.watched, model, declared),
        ...(empty === null ? [] : [empty]),
      ],
    };
  }
}

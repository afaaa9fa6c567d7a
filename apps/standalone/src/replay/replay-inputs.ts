import { existsSync, readFileSync } from 'node:fs';
import { receive, type Received } from '@moola/collector/receive/domain/receive';
import { parseDefinitions } from '@moola/contracts/definitions/parse-definitions';
import type { Definition, ModelDefinition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { describeProblem } from '@moola/contracts/definitions/problems';
import type { Event } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { LocalTime } from '@moola/contracts/instants/read-instant';
import { timeZone } from '@moola/contracts/instants/time-zone';
import { readLog } from './log-reader.js';
import { LogSurvey } from './log-survey.js';
import type { RefusedRows } from './refused-rows.js';
import { readReleases } from './releases.js';
import { RowsByTime } from './rows-by-time.js';
import type { ReplaySchedule } from './schedule.js';

/** The files of a replay. */
export interface ReplayFiles {
  readonly log: string;
  readonly definitions: string;
  /** `null`: roles are those of the log. */
  readonly releases: string | null;
  /** The model of rows that name none; `null`: the only model that the definitions declare. */
  readonly model: string | null;
  readonly stepMs: number;
  readonly untilMs: number | null;
  /** Whose clocks times without a zone mean, such as `Europe/Berlin`; `null`: such times are refused. */
  readonly timeZone: string | null;
}

export interface ReplayInputs {
  readonly model: string;
  readonly modelDefinition: ModelDefinition;
  readonly definitions: readonly Definition[];
  readonly schedule: ReplaySchedule;
  /** Time of the first prediction. */
  readonly fromMs: number;
  /** The last tick. */
  readonly toMs: number;
  /** What a step is called beside its event time: its trading date. Empty where the log has no such segment. */
  labelOf(timeMs: number): string;
  /** Whether any step is called anything. */
  readonly hasLabels: boolean;
  /** Rows that are left out, as they cannot be read or the doors would refuse them. */
  readonly refused: RefusedRows;
  /** What a person should know of the log before trusting what comes of it, a line each. */
  readonly warnings: readonly string[];
  /** Lets go of what lies on the disk for it. */
  close(): void;
}

export type ReplayReading =
  { readonly ok: true; readonly inputs: ReplayInputs } | { readonly ok: false; readonly problems: readonly string[] };

/** A replay refuses nothing for its age: whole years go by in one. */
export const anyAge = Number.MAX_SAFE_INTEGER;

/** As the doors take an event: sent at its time or later, what is taken now is taken then. It gets its id when it is sent. */
export function received(event: Event, timeMs: number): Received {
  return receive(event, { nowMs: timeMs, horizonMs: anyAge, replaceIdentifier: null, contentId: () => '' });
}

/** What is wrong, a line each. */
export interface Unreadable {
  readonly ok: false;
  readonly problems: readonly string[];
}

/** The files that do not exist. */
export function missingFiles(paths: readonly (string | null)[]): readonly string[] {
  const missing = paths.filter((path) => path !== null && !existsSync(path));
  return [...new Set(missing)].map((path) => `${path}: there is no such file`);
}

export function readDefinitions(
  path: string,
): { readonly ok: true; readonly definitions: readonly Definition[] } | Unreadable {
  const parsed = parseDefinitions(readFileSync(path, 'utf8'), path);
  if ('problems' in parsed) return { ok: false, problems: parsed.problems.map(describeProblem) };
  return { ok: true, definitions: parsed.definitions };
}

/** Whose clocks times without a zone mean; `null`: such times are refused. */
export function readClocks(name: string | null): { readonly ok: true; readonly clocks: LocalTime | null } | Unreadable {
  const clocks = name === null ? null : timeZone(name);
  if (name !== null && clocks === null) return { ok: false, problems: [`there is no time zone "${name}"`] };
  return { ok: true, clocks };
}

/** Reads and checks all files of a replay. */
export async function readReplay(files: ReplayFiles): Promise<ReplayReading> {
  const missing = missingFiles([files.log, files.definitions, files.releases]);
  if (missing.length > 0) return { ok: false, problems: missing };
  const defined = readDefinitions(files.definitions);
  if (!defined.ok) return defined;
  const { definitions } = defined;
  const models = definitions.filter(({ kind }) => kind.case === 'model');
  const chosen =
    files.model === null && models.length === 1 ? models[0] : models.find(({ name }) => name === files.model);
  if (chosen === undefined || chosen.kind.case !== 'model') {
    const names = models.map(({ name }) => name).join(', ') || 'none';
    const asked = files.model === null ? 'say which model is replayed (--model)' : `there is no model "${files.model}"`;
    return { ok: false, problems: [`${files.definitions}: ${asked}; it declares ${names}`] };
  }
  const zone = readClocks(files.timeZone);
  if (!zone.ok) return zone;
  const { clocks } = zone;
  const releases = files.releases === null ? { ok: true as const, releases: [] } : readReleases(files.releases, clocks);
  const rows = new RowsByTime(files.stepMs);
  let inputs: ReplayInputs | null = null;
  try {
    const survey = new LogSurvey(chosen.name, releases.ok ? releases.releases : [], files, rows);
    const log = await readLog(files.log, {
      ...{ model: chosen.name, clocks, receive: received, takesPlainRows: true },
      take: (event) => survey.take(event),
    });
    if (!log.ok || !releases.ok)
      return { ok: false, problems: [...(log.ok ? [] : log.problems), ...(releases.ok ? [] : releases.problems)] };
    const surveyed = survey.result(new Set(models.map(({ name }) => name)));
    if (!surveyed.ok)
      return { ok: false, problems: [...(surveyed.restsOnRows ? log.refused.list() : []), surveyed.problem] };
    const { fromMs, schedule, labels, warnings } = surveyed;
    inputs = {
      ...{ model: chosen.name, modelDefinition: chosen.kind.value, definitions },
      ...{ schedule, fromMs, warnings },
      toMs: schedule.startMs + schedule.length * schedule.stepMs,
      // What is decided at a tick concerns the step that it closes.
      labelOf: (timeMs) => labels.get(Math.ceil(timeMs / schedule.stepMs) - 1) ?? '',
      hasLabels: labels.size > 0,
      refused: log.refused,
      close: () => rows.close(),
    };
    return { ok: true, inputs };
  } finally {
    if (inputs === null) rows.close();
  }
}

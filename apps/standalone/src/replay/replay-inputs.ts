import { existsSync, readFileSync } from 'node:fs';
import { timestampMs } from '@bufbuild/protobuf/wkt';
import { receive } from '@moola/collector/receive/domain/receive';
import { parseDefinitions } from '@moola/contracts/definitions/parse-definitions';
import type { Definition, ModelDefinition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { describeProblem } from '@moola/contracts/definitions/problems';
import { Role, type Event } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { timeZone } from '@moola/contracts/instants/time-zone';
import { emptyStretch, tooManySteps } from './gaps.js';
import { readLog, type LoggedEvent, type LogReading } from './log-reader.js';
import type { RefusedRows } from './refused-rows.js';
import { readReleases } from './releases.js';
import { cutIntoSteps, rangeOf, releasedEvents, type ReplaySchedule } from './schedule.js';
import { undeclaredModels } from './undeclared-models.js';

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
}

export type ReplayReading =
  { readonly ok: true; readonly inputs: ReplayInputs } | { readonly ok: false; readonly problems: readonly string[] };

/** Predictions may carry their real date in this segment, where event time is mapped. */
const dateSegment = 'trading_date';

/** A replay refuses nothing for its age: whole years go by in one. */
export const anyAge = Number.MAX_SAFE_INTEGER;

/** Why the doors would refuse an event. It is sent at its time or later, so that what is taken now is taken then. */
function refusal(event: Event, timeMs: number) {
  const context = { nowMs: timeMs, horizonMs: anyAge, replaceIdentifier: null, contentId: () => '' };
  const received = receive(event, context);
  return received.accepted ? null : received.refused;
}

/** Reads and checks all files of a replay. */
export function readReplay(files: ReplayFiles): ReplayReading {
  const missing = [files.log, files.definitions, files.releases ?? files.log].filter((path) => !existsSync(path));
  if (missing.length > 0)
    return { ok: false, problems: [...new Set(missing)].map((path) => `${path}: there is no such file`) };
  const parsed = parseDefinitions(readFileSync(files.definitions, 'utf8'), files.definitions);
  if ('problems' in parsed) return { ok: false, problems: parsed.problems.map(describeProblem) };
  const models = parsed.definitions.filter(({ kind }) => kind.case === 'model');
  const chosen =
    files.model === null && models.length === 1 ? models[0] : models.find(({ name }) => name === files.model);
  if (chosen === undefined || chosen.kind.case !== 'model') {
    const names = models.map(({ name }) => name).join(', ') || 'none';
    const asked = files.model === null ? 'say which model is replayed (--model)' : `there is no model "${files.model}"`;
    return { ok: false, problems: [`${files.definitions}: ${asked}; it declares ${names}`] };
  }
  const model = chosen.name;
  const clocks = files.timeZone === null ? null : timeZone(files.timeZone);
  if (files.timeZone !== null && clocks === null)
    return { ok: false, problems: [`there is no time zone "${files.timeZone}"`] };
  const log = readLog(files.log, { model, clocks, refusal });
  const releases = files.releases === null ? { ok: true as const, releases: [] } : readReleases(files.releases, clocks);
  if (!log.ok || !releases.ok)
    return { ok: false, problems: [...(log.ok ? [] : log.problems), ...(releases.ok ? [] : releases.problems)] };
  if (files.releases === null && hasUnclearRoles(log.events, model))
    return {
      ok: false,
      problems: [
        `${files.log}: several versions of ${model} answer, and nothing says which one served: ` +
          'give --releases <file>, or the log a column "role"',
      ],
    };
  const events = releasedEvents(log.events, releases.releases);
  const range = rangeOf(events, releases.releases, files.stepMs, files.untilMs);
  if (range === null) return nothingToReplay(files, log);
  const tooLong = tooManySteps(files.log, events, range, files.stepMs);
  if (tooLong !== null) return { ok: false, problems: [...log.refused.list(), tooLong] };
  const schedule = cutIntoSteps(events, releases.releases, files.stepMs, range);
  const labels = new Map<number, string>();
  let fromMs = Infinity;
  schedule.steps.forEach(({ events: ofStep }, step) => {
    for (const { kind } of ofStep) {
      if (kind.case !== 'prediction') continue;
      if (kind.value.time) fromMs = Math.min(fromMs, timestampMs(kind.value.time));
      const label = kind.value.segments[dateSegment];
      if (label !== undefined) labels.set(step, label);
    }
  });
  if (fromMs === Infinity) return nothingToReplay(files, log);
  // What is decided at a tick concerns the step that it closes.
  const labelOf = (timeMs: number) => labels.get(Math.ceil((timeMs - schedule.startMs) / schedule.stepMs) - 1) ?? '';
  const empty = emptyStretch(files.log, events, range, files.stepMs);
  const inputs = {
    model,
    modelDefinition: chosen.kind.value,
    definitions: parsed.definitions,
    schedule,
    fromMs,
    toMs: schedule.startMs + schedule.steps.length * schedule.stepMs,
    labelOf,
    hasLabels: labels.size > 0,
    refused: log.refused,
    warnings: [
      ...undeclaredModels(files, events, model, new Set(models.map(({ name }) => name))),
      ...(empty === null ? [] : [empty]),
    ],
  };
  return { ok: true, inputs };
}

function nothingToReplay(files: ReplayFiles, log: LogReading & { ok: true }): ReplayReading {
  return { ok: false, problems: [...log.refused.list(), `${files.log}: holds no prediction to replay`] };
}

/** Whether rows of more than one version leave open in which role they answered. */
function hasUnclearRoles(events: readonly LoggedEvent[], model: string): boolean {
  const versions = new Set<string>();
  for (const { event } of events) {
    if (event.kind.case !== 'prediction' || event.kind.value.model !== model) continue;
    if (event.kind.value.role === Role.UNSPECIFIED) versions.add(event.kind.value.version);
  }
  return versions.size > 1;
}

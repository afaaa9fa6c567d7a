import { nearest } from '@moola/contracts/definitions/nearest';
import type { Definition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { modelOf as modelOfRow } from '@moola/contracts/plain-outcome';
import { readLog, type LoggedEvent } from '../replay/log-reader.js';
import { LogSurvey } from '../replay/log-survey.js';
import type { RefusedRows } from '../replay/refused-rows.js';
import { missingFiles, readClocks, readDefinitions, received, type Unreadable } from '../replay/replay-inputs.js';
import { readReleases } from '../replay/releases.js';
import { RowsByTime } from '../replay/rows-by-time.js';
import type { ReplaySchedule } from '../replay/schedule.js';
import { alertRules } from '@moola/rules/alert-rules';
import { readTruth, type RealIncident } from './truth-file.js';

/** The files of a backtest. */
export interface BacktestFiles {
  readonly log: string;
  readonly definitions: string;
  /** Definitions to compare with; `null`: none. */
  readonly against: string | null;
  /** When the models really were bad; `null`: nobody says. */
  readonly truth: string | null;
  /** Which version served when; `null`: roles and deployments are those of the log. */
  readonly releases: string | null;
  /** The model of rows that name none, and of the releases; `null`: the only model that the definitions declare. */
  readonly model: string | null;
  readonly stepMs: number;
  readonly untilMs: number | null;
  /** Whose clocks times without a zone mean; `null`: such times are refused. */
  readonly timeZone: string | null;
}

/** Definitions that are tried, and where they stand. */
export interface TriedDefinitions {
  readonly file: string;
  readonly definitions: readonly Definition[];
  readonly models: readonly string[];
}

export interface BacktestInputs {
  readonly tried: TriedDefinitions;
  readonly against: TriedDefinitions | null;
  readonly incidents: readonly RealIncident[] | null;
  /** The model that the releases speak of; empty: there are several, and no releases. */
  readonly model: string;
  readonly schedule: ReplaySchedule;
  /** Time of the first prediction. */
  readonly fromMs: number;
  /** The last tick. */
  readonly toMs: number;
  readonly refused: RefusedRows;
  /** What a person should know of the log before trusting what comes of it, a line each. */
  readonly warnings: readonly string[];
  /** Lets go of what lies on the disk for it. */
  close(): void;
}

export type BacktestReading = { readonly ok: true; readonly inputs: BacktestInputs } | Unreadable;

/** Reads and checks all files of a backtest. */
export async function readBacktest(files: BacktestFiles): Promise<BacktestReading> {
  const missing = missingFiles([files.log, files.definitions, files.against, files.truth, files.releases]);
  if (missing.length > 0) return { ok: false, problems: missing };
  const tried = readTried(files.definitions);
  const against = files.against === null ? { ok: true as const, tried: null } : readTried(files.against);
  const zone = readClocks(files.timeZone);
  if (!tried.ok || !against.ok || !zone.ok) return unreadable(tried, against, zone);
  const sides = [tried.tried, ...(against.tried === null ? [] : [against.tried])];
  const declared = new Set(sides.flatMap(({ models }) => models));
  const model = modelOf(files, [...declared]);
  const { clocks } = zone;
  const releases = files.releases === null ? { ok: true as const, releases: [] } : readReleases(files.releases, clocks);
  const truth =
    files.truth === null ? { ok: true as const, incidents: null } : readTruth(files.truth, rulesOf(sides), clocks);
  if (!model.ok || !releases.ok || !truth.ok) return unreadable(model, releases, truth);
  const rows = new RowsByTime(files.stepMs);
  let inputs: BacktestInputs | null = null;
  try {
    const survey = new LogSurvey(model.name === '' ? null : model.name, releases.releases, files, rows);
    const models = new DeclaredModels(declared);
    const log = await readLog(files.log, {
      ...{ model: model.name, clocks, receive: received, takesPlainRows: true },
      take: (event) => {
        if (models.has(event)) survey.take(event);
      },
    });
    if (!log.ok) return log;
    const undeclared = models.undeclared(files);
    const surveyed = survey.result(declared);
    if (!surveyed.ok) {
      const problem = models.isNone ? undeclared : [surveyed.problem];
      return { ok: false, problems: [...(surveyed.restsOnRows ? log.refused.list() : []), ...problem] };
    }
    const { fromMs, schedule, warnings } = surveyed;
    inputs = {
      ...{ tried: tried.tried, against: against.tried, incidents: truth.incidents, model: model.name },
      ...{ schedule, fromMs, warnings: [...undeclared, ...warnings] },
      toMs: schedule.startMs + schedule.length * schedule.stepMs,
      refused: log.refused,
      close: () => rows.close(),
    };
    return { ok: true, inputs };
  } finally {
    if (inputs === null) rows.close();
  }
}

function unreadable(...readings: readonly ({ readonly ok: true } | Unreadable)[]): Unreadable {
  return { ok: false, problems: readings.flatMap((reading) => (reading.ok ? [] : reading.problems)) };
}

function readTried(file: string): { readonly ok: true; readonly tried: TriedDefinitions } | Unreadable {
  const read = readDefinitions(file);
  if (!read.ok) return read;
  const { definitions } = read;
  const models = definitions.filter(({ kind }) => kind.case === 'model').map(({ name }) => name);
  if (models.length === 0) return { ok: false, problems: [`${file}: declares no model`] };
  return { ok: true, tried: { file, definitions, models } };
}

/** The rules of each model, of all definitions that are tried. */
function rulesOf(sides: readonly TriedDefinitions[]): ReadonlyMap<string, ReadonlySet<string>> {
  const rules = new Map<string, Set<string>>();
  for (const { models, definitions } of sides) {
    for (const model of models) {
      const ofModel = rules.get(model) ?? new Set();
      rules.set(model, ofModel);
      for (const name of alertRules(model, definitions).keys()) ofModel.add(name);
    }
  }
  return rules;
}

function modelOf(
  { definitions, model, releases }: BacktestFiles,
  declared: readonly string[],
): { readonly ok: true; readonly name: string } | Unreadable {
  const names = declared.join(', ');
  if (model !== null) {
    if (declared.includes(model)) return { ok: true, name: model };
    return { ok: false, problems: [`${definitions}: there is no model "${model}"; it declares ${names}`] };
  }
  if (declared.length === 1) return { ok: true, name: declared[0] as string };
  if (releases === null) return { ok: true, name: '' };
  return { ok: false, problems: [`${releases}: say whose releases these are (--model): ${names} are declared`] };
}

/** Whether some of an incident lies within the log: what lies outside could not be detected. */
export function isWithin({ schedule, toMs }: BacktestInputs, incident: RealIncident): boolean {
  return incident.fromMs < toMs && incident.toMs > schedule.startMs;
}

const mostListed = 5;

/** Knows the rows of a log that somebody declared; the others are left out. */
class DeclaredModels {
  private readonly others = new Map<string, number>();
  private count = 0;

  constructor(private readonly declared: ReadonlySet<string>) {}

  has({ row }: LoggedEvent): boolean {
    const model = modelOfRow(row);
    if (this.declared.has(model)) {
      this.count++;
      return true;
    }
    this.others.set(model, (this.others.get(model) ?? 0) + 1);
    return false;
  }

  /** Whether there was a row, and none of a model that is declared. */
  get isNone(): boolean {
    return this.count === 0 && this.others.size > 0;
  }

  undeclared({ log, definitions }: BacktestFiles): readonly string[] {
    const models = [...this.others];
    const more = models.length - mostListed;
    const isWhole = this.isNone ? `, which declares ${[...this.declared].join(', ')}` : '';
    return [
      ...models.slice(0, mostListed).map(([model, rows]) => {
        const meant = nearest(model, [...this.declared]);
        const hint = meant === null ? isWhole : `: did you mean "${meant}"?`;
        const counted = rows === 1 ? '1 event is' : `${rows} events are`;
        return `${log}: ${counted} of the model "${model}", left out as it is not declared in ${definitions}${hint}`;
      }),
      ...(more > 0 ? [`${log}: and ${more} more models that are not declared`] : []),
    ];
  }
}

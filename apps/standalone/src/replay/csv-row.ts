import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { predictionFields, type PredictionField } from '@moola/collector/receive/domain/prediction-fields';
import { EventSchema, type PredictionSchema, Role, type Event } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { instantAdvice } from '@moola/contracts/instants/instant-advice';
import { instantMs, readInstant, type LocalTime } from '@moola/contracts/instants/read-instant';
import { decimal } from './decimal.js';
import { tableSource } from './table-outcome.js';

/** What a row must have, and what else it may. Beside these: `segment.<name>`, `feature.<name>` and `probability.<class>`. */
export const requiredColumns = ['time', 'input', 'version'] as const;
/** Fields of a prediction that have a column of their own. */
const ownColumns = predictionFields.filter(({ type }) => !['segments', 'features', 'probabilities'].includes(type));
export const columns: readonly string[] = [
  ...new Set([...requiredColumns, ...ownColumns.map(({ inFiles }) => inFiles), 'truth', 'known_at']),
];
const isText = ({ type }: PredictionField): boolean => type === 'text' || type === 'unique' || type === 'run';
export const isNamedColumn = (name: string) => /^(segment|feature|probability)\../.test(name);

export const roles: ReadonlyMap<string, Role> = new Map([
  ['', Role.UNSPECIFIED],
  ['primary', Role.PRIMARY],
  ['shadow', Role.SHADOW],
  ['canary', Role.CANARY],
]);

/** A row of a CSV log: a version's answer, and the outcome if it is known. */
export interface CsvRow {
  readonly model: string;
  readonly input: string;
  readonly timeMs: number;
  readonly prediction: Event;
  readonly outcome: { readonly truth: string; readonly knownAtMs: number } | null;
}

/** How the rows of a log are to be read. */
export interface CsvReading {
  /** Where a row names none. */
  readonly model: string;
  /** Whose clocks times without a zone mean; `null`: such times are refused. */
  readonly clocks: LocalTime | null;
}

/** Where the cells of each column stand, worked out once a file. */
export class CsvColumns {
  private readonly places: ReadonlyMap<string, number>;
  readonly segments: readonly string[];
  readonly features: readonly string[];
  readonly probabilities: readonly string[];

  constructor(header: readonly string[]) {
    this.places = new Map(header.map((name, index) => [name, index]));
    this.segments = header.filter((name) => name.startsWith('segment.'));
    this.features = header.filter((name) => name.startsWith('feature.'));
    this.probabilities = header.filter((name) => name.startsWith('probability.'));
  }

  /** The cell of a column in a row; empty where the file has no such column. */
  cell(row: readonly string[], name: string): string {
    const place = this.places.get(name);
    return place === undefined ? '' : (row[place] ?? '');
  }
}

/**
 * Reads a row.
 * @param cells in the order of the columns
 * @param wrong is told of each cell that cannot be read
 * @returns `null` when it was told of any
 */
export function readCsvRow(
  cells: readonly string[],
  columns: CsvColumns,
  { model, clocks }: CsvReading,
  wrong: (text: string) => void,
): CsvRow | null {
  let sound = true;
  const complain = (text: string) => {
    sound = false;
    wrong(text);
  };
  const cell = (name: string) => columns.cell(cells, name);
  const needed = (name: string) => {
    if (cell(name) === '') complain(`${name}: is empty`);
    return cell(name);
  };
  const number = (name: string) => {
    const text = cell(name);
    if (text === '') return undefined;
    const value = decimal.test(text) ? Number(text) : NaN;
    if (!Number.isFinite(value)) complain(`${name}: "${text}" is no number`);
    return value;
  };
  const instant = (name: string) => {
    const text = needed(name);
    if (text === '') return NaN;
    const reading = readInstant(text, clocks);
    if (!reading.ok) complain(`${name}: "${text}" ${instantAdvice[reading.fault]}${zoneHint(reading.fault)}`);
    return reading.ok ? instantMs(reading.instant) : NaN;
  };
  const named = <T>(names: readonly string[], read: (name: string) => T): Record<string, T> =>
    Object.fromEntries(
      names.filter((name) => cell(name) !== '').map((name) => [name.slice(name.indexOf('.') + 1), read(name)]),
    );

  const role = roles.get(cell('role'));
  if (role === undefined) complain(`role: "${cell('role')}" is none of primary, shadow, canary`);
  const [input, version, timeMs] = [needed('input'), needed('version'), instant('time')];
  const ofModel = cell('model') || model;
  const fields: Record<string, string | number> = {};
  for (const field of ownColumns) {
    const value = isText(field) ? cell(field.inFiles) : field.type === 'number' ? number(field.inFiles) : undefined;
    if (value !== undefined) fields[field.from] = value;
  }
  const segments = named(columns.segments, cell);
  const numbers = (names: readonly string[]) => named(names, (name) => number(name) ?? NaN);
  const [features, probabilities] = [numbers(columns.features), numbers(columns.probabilities)];
  const outcome = cell('truth') === '' ? null : { truth: cell('truth'), knownAtMs: instant('known_at') };
  if (!sound) return null;
  const prediction = create(EventSchema, {
    // The door makes an id of the content: an input may be asked for again, and its text stands in no id.
    source: tableSource,
    kind: {
      case: 'prediction',
      value: {
        ...(fields as MessageInitShape<typeof PredictionSchema>),
        ...{ model: ofModel, version, input, segments, features, probabilities },
        role: role ?? Role.UNSPECIFIED,
        time: timestampFromMs(timeMs),
      },
    },
  });
  return { model: ofModel, input, timeMs, prediction, outcome };
}

/** Said of times in files only: an event has no such option. */
export const zoneHint = (fault: string): string =>
  fault === 'no-zone' ? ', or say which zone is meant (--time-zone)' : '';

import { joinedKey } from '@moola/contracts/joined-key';
import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { EventSchema, Role, type Event } from '@moola/contracts/gen/moola/v1/telemetry_pb';

/** What a row must have, and what else it may. Beside these: `segment.<name>` and `feature.<name>`. */
export const requiredColumns = ['time', 'input', 'version'] as const;
export const columns = [
  ...requiredColumns,
  ...['model', 'build', 'role', 'class', 'value', 'score', 'latency_ms', 'cost_usd', 'error', 'truth', 'known_at'],
];
export const isNamedColumn = (name: string) => /^(segment|feature)\../.test(name);

const roles: Readonly<Record<string, Role>> = {
  '': Role.UNSPECIFIED,
  primary: Role.PRIMARY,
  shadow: Role.SHADOW,
  canary: Role.CANARY,
};

/** A row of a CSV log: a version's answer, and the outcome if it is known. */
export interface CsvRow {
  readonly model: string;
  readonly input: string;
  readonly timeMs: number;
  readonly prediction: Event;
  readonly outcome: { readonly truth: string; readonly knownAtMs: number } | null;
}

/**
 * Reads a row.
 * @param cells by column
 * @param model where the row names none
 * @param wrong is told of each cell that cannot be read
 * @returns `null` when it was told of any
 */
export function readCsvRow(
  cells: ReadonlyMap<string, string>,
  model: string,
  wrong: (text: string) => void,
): CsvRow | null {
  let sound = true;
  const complain = (text: string) => {
    sound = false;
    wrong(text);
  };
  const cell = (name: string) => cells.get(name) ?? '';
  const needed = (name: string) => {
    if (cell(name) === '') complain(`${name}: is empty`);
    return cell(name);
  };
  const number = (name: string) => {
    const value = cell(name) === '' ? undefined : Number(cell(name));
    if (value !== undefined && !Number.isFinite(value)) complain(`${name}: "${cell(name)}" is no number`);
    return value;
  };
  const instant = (name: string) => {
    const value = Date.parse(cell(name));
    if (Number.isNaN(value)) complain(`${name}: "${cell(name)}" is no time (try 2026-01-31T12:00:00Z)`);
    return value;
  };
  const named = <T>(prefix: string, read: (name: string) => T) =>
    Object.fromEntries(
      [...cells.keys()]
        .filter((name) => name.startsWith(prefix) && cell(name) !== '')
        .map((name) => [name.slice(prefix.length), read(name)]),
    );

  const role = roles[cell('role')];
  if (role === undefined) complain(`role: "${cell('role')}" is none of primary, shadow, canary`);
  const [input, version, timeMs] = [needed('input'), needed('version'), instant('time')];
  const ofModel = cell('model') || model;
  const numbers = {
    ...{ value: number('value'), score: number('score') },
    ...{ latencyMs: number('latency_ms'), costUsd: number('cost_usd') },
  };
  const segments = named('segment.', cell);
  const features = named('feature.', (name) => number(name) ?? NaN);
  const outcome = cell('truth') === '' ? null : { truth: cell('truth'), knownAtMs: instant('known_at') };
  if (!sound) return null;
  const prediction = create(EventSchema, {
    id: joinedKey(ofModel, version, input),
    source: 'log',
    kind: {
      case: 'prediction',
      value: {
        ...{ model: ofModel, version, input, segments, features },
        ...{ build: cell('build'), class: cell('class'), error: cell('error') },
        ...Object.fromEntries(Object.entries(numbers).filter(([, value]) => value !== undefined)),
        role: role ?? Role.UNSPECIFIED,
        time: timestampFromMs(timeMs),
      },
    },
  });
  return { model: ofModel, input, timeMs, prediction, outcome };
}

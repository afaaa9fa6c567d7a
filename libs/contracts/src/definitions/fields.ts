import { z } from 'zod';
import { nearestDuration, parseDuration } from './durations.js';
import { nearest } from './nearest.js';

/** What the reference says of a field beside its default. */
export interface FieldText {
  /** What it means, one or two sentences. */
  readonly doc: string;
  /** Such as `USD`; durations and flags need none. */
  readonly unit?: string;
  /** What holds where an optional field is left out. */
  readonly fallback?: unknown;
}

interface Bounds {
  readonly least?: number;
  readonly most?: number;
  /** `least` itself is not allowed. */
  readonly moreThan?: number;
}

/** A value as a person would read it in the file. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}…` : value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return 'a list';
  return value === null || value === undefined ? 'nothing' : 'a group of fields';
}

const missing = (what: string): string => `is missing: expected ${what}`;

export function text(about: FieldText, rule = namePattern) {
  const what = rule.what;
  return z
    .string({ error: ({ input }) => (input === undefined ? missing(what) : wrongText(input, what)) })
    .regex(rule.pattern, { error: ({ input }) => `${shown(input)} is not ${what}` })
    .meta({ ...about, type: what });
}

function wrongText(input: unknown, what: string): string {
  const quoted = typeof input === 'number' || typeof input === 'boolean' ? ` (write '${input}', in quotes)` : '';
  return `${shown(input)} is not ${what}${quoted}`;
}

/** Names that stand in identifiers and file names. */
export const namePattern = {
  what: 'a name of letters, digits, ".", "_" and "-"',
  pattern: /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/,
};
/** Names that producers choose. */
export const modelPattern = {
  what: 'a name of at most 256 printable characters',
  pattern: /^\P{C}{1,256}$/u,
};
export const labelNamePattern = {
  what: 'a name of letters, digits and "_", no digit first',
  pattern: /^[A-Za-z_][A-Za-z0-9_]{0,63}$/,
};
export const labelValuePattern = { what: 'text of 1 to 256 printable characters', pattern: /^\P{C}{1,256}$/u };
export const sentencePattern = { what: 'text of at most 1000 characters', pattern: /^[^]{0,1000}$/ };
export const classPattern = { what: 'text of 1 to 256 characters', pattern: /^[^]{1,256}$/ };

export function number(about: FieldText, bounds: Bounds = {}) {
  return bounded(z.number({ error: ({ input }) => notNumber(input, 'a number', bounds) }), 'a number', bounds).meta({
    ...about,
    type: `a number${range(bounds)}`,
  });
}

export function count(about: FieldText, bounds: Bounds = { least: 0 }) {
  const what = 'a whole number';
  const schema = z
    .number({ error: ({ input }) => notNumber(input, what, bounds) })
    .int({ error: ({ input }) => `${shown(input)} is not ${what}${range(bounds)}`, abort: true });
  return bounded(schema, what, { most: 0xffffffff, ...bounds }).meta({ ...about, type: what + range(bounds) });
}

function notNumber(input: unknown, what: string, bounds: Bounds): string {
  if (input === undefined) return missing(what + range(bounds));
  const unquoted = typeof input === 'string' && input.trim() !== '' && Number.isFinite(Number(input));
  return `${shown(input)} is not ${what}${range(bounds)}${unquoted ? ` (write ${Number(input)}, without quotes)` : ''}`;
}

function bounded(schema: z.ZodNumber, what: string, bounds: Bounds): z.ZodNumber {
  const error = ({ input }: { readonly input: unknown }): string => `${shown(input)} is not ${what}${range(bounds)}`;
  let result = schema;
  if (bounds.least !== undefined) result = result.min(bounds.least, { error });
  if (bounds.moreThan !== undefined) result = result.gt(bounds.moreThan, { error });
  if (bounds.most !== undefined) result = result.max(bounds.most, { error });
  return result;
}

function range({ least, most, moreThan }: Bounds): string {
  const lower = moreThan === undefined ? (least === undefined ? '' : `at least ${least}`) : `more than ${moreThan}`;
  const upper = most === undefined ? '' : `at most ${most}`;
  const both = [lower, upper].filter((part) => part !== '').join(' and ');
  return both === '' ? '' : `, ${both}`;
}

/** Something that is wrong within a section. */
export interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** A check of a section, for `.check`: everything that `find` finds is told. */
export function issuesOf<T>(find: (value: T) => readonly Issue[]) {
  return ({ value, issues }: z.core.ParsePayload<T>): void => {
    for (const { path, message } of find(value)) {
      issues.push({ code: 'custom', path: [...path], message, input: value });
    }
  };
}

/** Written as `5m`, `30s`, `24h`, `1d`, `250ms`; milliseconds once parsed. */
export function duration(about: FieldText, bounds: { readonly positive: boolean } = { positive: false }) {
  const what = 'a duration such as "5m", "30s", "24h" or "1d"';
  return z
    .unknown()
    .transform((input, context): number => {
      const ms = typeof input === 'string' ? parseDuration(input) : null;
      if (ms !== null && (ms > 0 || !bounds.positive)) return ms;
      const message =
        input === undefined
          ? missing(what)
          : ms === 0
            ? `${shown(input)} is too short: it must be longer than nothing`
            : `${shown(input)} is no duration (try "${nearestDuration(input)}")`;
      context.issues.push({ code: 'custom', message, input });
      return z.NEVER;
    })
    .meta({ ...about, type: bounds.positive ? 'a duration, longer than 0' : 'a duration' });
}

export function oneOf<const T extends readonly [string, ...string[]]>(about: FieldText, values: T) {
  const what = `one of ${values.join(', ')}`;
  const error = ({ input }: { readonly input?: unknown }): string => {
    if (input === undefined) return missing(what);
    const meant = typeof input === 'string' ? nearest(input, values) : null;
    return `${shown(input)} is not ${what}${meant === null ? '' : ` (did you mean ${meant}?)`}`;
  };
  return z.enum(values, { error }).meta({ ...about, type: what });
}

export function flag(about: FieldText) {
  return z
    .boolean({
      error: ({ input }) =>
        input === undefined ? missing('true or false') : `${shown(input)} is neither true nor false`,
    })
    .meta({ ...about, type: 'true or false' });
}

export function list<T extends z.ZodType>(about: FieldText, of: T, items: string, least = 0) {
  return z
    .array(of, {
      error: ({ input }) =>
        input === undefined ? missing(`a list of ${items}`) : `${shown(input)} is not a list of ${items}`,
    })
    .min(least, { error: `has none of its ${items}: at least ${least} ${least === 1 ? 'is' : 'are'} needed` })
    .meta({ ...about, type: `a list of ${items}` });
}

/** Names that somebody chooses, and a text for each. */
export function textMap(about: FieldText, name: typeof namePattern, value: typeof namePattern, most: number) {
  const what = `at most ${most} fields, each ${name.what} with ${value.what}`;
  return z
    .record(z.string(), text({ doc: '' }, value), {
      error: ({ input }) => `${shown(input)} is not ${what}`,
    })
    .check(({ value: map, issues }) => {
      const names = Object.keys(map);
      const wrong = names.find((each) => !name.pattern.test(each));
      if (wrong !== undefined) {
        const message = `${shown(wrong)} is not ${name.what}`;
        issues.push({ code: 'custom', path: [wrong], message, input: map });
      }
      if (names.length > most) {
        issues.push({ code: 'custom', message: `has ${names.length} fields: at most ${most}`, input: map });
      }
    })
    .meta({ ...about, type: what });
}

/** A group of fields; one that is not named is an error. */
export function section<const T extends z.ZodRawShape>(shape: T, about: FieldText = { doc: '' }) {
  return z
    .strictObject(shape, {
      error: (issue) =>
        issue.code === 'invalid_type'
          ? `${issue.input === undefined ? 'is missing: expected' : `${shown(issue.input)} is not`} a group of fields`
          : undefined,
    })
    .meta({ ...about, type: 'fields' });
}

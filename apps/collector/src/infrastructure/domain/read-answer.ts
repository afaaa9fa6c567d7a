import { isObject } from '../../receive/domain/json-object.js';
import { clipped } from './clipped.js';

/** One series of an instant vector. */
export interface Series {
  readonly labels: Readonly<Record<string, unknown>>;
  /** Milliseconds since the epoch, as the server says. */
  readonly timeMs: number;
  readonly value: number;
}

/** What a server said to one query. `problem`: one line for people. */
export type QueryAnswer =
  | {
      readonly ok: true;
      readonly series: readonly Series[];
      readonly malformed: number;
      readonly warning: string | null;
    }
  | { readonly ok: false; readonly problem: string };

/** More series of one query are not taken: the tracker keeps as many instances of a model. */
export const mostSeries = 2000;

const shapes = new Map([
  [
    'scalar',
    'a scalar, which belongs to no instance: write a query that answers a series an instance, such as avg by (instance) (…)',
  ],
  ['string', 'a text, which is no figure: write a query that answers a series an instance'],
  [
    'matrix',
    'a range of values: leave out the range at the end, such as [5m], or put it into rate(…) or avg_over_time(…)',
  ],
]);

/** Reads the body of an answer of `/api/v1/query`; what it says may be anything. */
export function readAnswer(body: string): QueryAnswer {
  let read: unknown;
  try {
    read = JSON.parse(body);
  } catch {
    return refused('answers what is no JSON: is its address that of a Prometheus?');
  }
  if (!isObject(read)) return refused('answers JSON that is no answer of a Prometheus');
  if (read['status'] === 'error') return refused(`refuses the query: ${errorText(read)}`);
  const { data } = read;
  if (read['status'] !== 'success' || !isObject(data)) return refused('answers JSON that is no answer of a Prometheus');
  const { resultType, result } = data;
  const shape = shapes.get(resultType as string);
  if (shape !== undefined) return refused(`answers ${shape}`);
  if (resultType !== 'vector' || !Array.isArray(result))
    return refused('answers JSON that is no answer of a Prometheus');
  if (result.length > mostSeries) {
    const detail = `answers ${result.length} series, and at most ${mostSeries} are taken: select fewer, or aggregate by instance`;
    return refused(detail);
  }
  const series = result.map(seriesOf);
  const whole = series.filter((each) => each !== null);
  return { ok: true, series: whole, malformed: series.length - whole.length, warning: warningOf(read) };
}

/** What a server says is wrong with a query, from the body of a refusal. */
export function refusalText(body: string): string {
  try {
    const read: unknown = JSON.parse(body);
    return isObject(read) ? errorText(read) : '';
  } catch {
    return '';
  }
}

function errorText({ errorType, error }: Record<string, unknown>): string {
  return [errorType, error].flatMap((each) => (typeof each === 'string' ? [clipped(each)] : [])).join(': ');
}

function warningOf({ warnings }: Record<string, unknown>): string | null {
  const first: unknown = Array.isArray(warnings) ? warnings[0] : undefined;
  return typeof first === 'string' ? clipped(first) : null;
}

function seriesOf(entry: unknown): Series | null {
  if (!isObject(entry) || !isObject(entry['metric']) || !Array.isArray(entry['value'])) return null;
  const [seconds, text] = entry['value'] as readonly unknown[];
  if (typeof seconds !== 'number' || !Number.isFinite(seconds) || typeof text !== 'string') return null;
  return { labels: entry['metric'], timeMs: Math.round(seconds * 1000), value: numberOf(text) };
}

/** As Prometheus writes numbers. */
function numberOf(text: string): number {
  if (text === '+Inf') return Infinity;
  if (text === '-Inf') return -Infinity;
  return text.trim() === '' ? NaN : Number(text);
}

function refused(problem: string): QueryAnswer {
  return { ok: false, problem };
}

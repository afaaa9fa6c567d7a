import { postOnce, type Post } from '@moola/platform/http/post-once';
import { clipped } from './domain/clipped.js';
import { mostSeries, readAnswer, refusalText, type QueryAnswer } from './domain/read-answer.js';
import type { PrometheusServer } from './prometheus-servers.js';

/** What came of one query. `isAway`: the server itself is the problem, so that another query would fare no better. */
export type Asked = QueryAnswer | { readonly ok: false; readonly problem: string; readonly isAway: true };

export interface Query {
  readonly promql: string;
  /** The instant that is asked for, milliseconds since the epoch. */
  readonly atMs: number;
  /** How long the server may take over it. */
  readonly timeoutMs: number;
}

/** A longer answer is not read to its end. */
export const longestAnswer = 4 * 1024 * 1024;

/** Asks one instant query: `POST /api/v1/query`. Never rejects, follows no redirect, and gives up when the signal aborts. */
export async function askPrometheus(server: PrometheusServer, query: Query, signal: AbortSignal): Promise<Asked> {
  const answer = await postOnce(questionTo(server, query), longestAnswer + 1, signal);
  if (answer.kind === 'broken') {
    if (signal.aborted) return away('gives no answer in time');
    return away(`cannot be asked: ${answer.hasBegun ? 'it ended its answer half-way' : clipped(answer.reason)}`);
  }
  const { status, headers, body } = answer;
  if (body.length > longestAnswer)
    return { ok: false, problem: `answers more than ${longestAnswer / 1024 / 1024} MiB: aggregate by instance` };
  return judged(status, headers.location ?? '', body.toString());
}

function judged(status: number, location: string, body: string): Asked {
  if (status === 200) return readAnswer(body);
  const said = refusalText(body);
  const detail = `HTTP ${status}${said === '' ? '' : `: ${said}`}`;
  if (status === 400 || status === 422) return { ok: false, problem: `refuses the query (${detail})` };
  if (status === 401 || status === 403) return away(`refuses the credentials of the collector (${detail})`);
  if (status === 404 || status === 405)
    return away(`has no query API there (${detail}): is the URL that of a Prometheus, without /api/v1?`);
  if (status >= 300 && status < 400)
    return away(`redirects to ${hostOf(location)} (HTTP ${status}), which is not followed: set the URL that it means`);
  return away(`answers ${detail}`);
}

function away(problem: string): Asked {
  return { ok: false, problem, isAway: true };
}

/** Paths and queries of others may hold secrets. */
function hostOf(location: string): string {
  return URL.canParse(location) ? clipped(new URL(location).host) : 'another address';
}

function questionTo({ url: base, authorization, ca }: PrometheusServer, { promql, atMs, timeoutMs }: Query): Post {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/api/v1/query`;
  const body = new URLSearchParams({
    ...{ query: promql, time: (atMs / 1000).toFixed(3), timeout: `${timeoutMs}ms` },
    // One more than is taken: so that it is seen that there are more.
    limit: String(mostSeries + 1),
  }).toString();
  const headers = {
    ...{ accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    ...(authorization !== null && { authorization }),
  };
  return { url, headers, body, ...(ca !== null && { ca }) };
}

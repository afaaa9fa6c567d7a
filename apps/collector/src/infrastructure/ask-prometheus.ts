import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
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

type Answer =
  | { readonly kind: 'answered'; readonly status: number; readonly location: string; readonly body: string }
  | { readonly kind: 'too long' }
  | { readonly kind: 'broken'; readonly detail: string };

/** Asks one instant query: `POST /api/v1/query`. Never rejects, follows no redirect, and gives up when the signal aborts. */
export async function askPrometheus(server: PrometheusServer, query: Query, signal: AbortSignal): Promise<Asked> {
  const answer = await post(server, query, signal);
  switch (answer.kind) {
    case 'broken':
      return away(answer.detail);
    case 'too long':
      return { ok: false, problem: `answers more than ${longestAnswer / 1024 / 1024} MiB: aggregate by instance` };
    case 'answered':
      return judged(answer);
  }
}

function judged({ status, location, body }: Extract<Answer, { kind: 'answered' }>): Asked {
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

function post(server: PrometheusServer, { promql, atMs, timeoutMs }: Query, signal: AbortSignal): Promise<Answer> {
  const url = new URL(server.url);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/api/v1/query`;
  const body = new URLSearchParams({
    ...{ query: promql, time: (atMs / 1000).toFixed(3), timeout: `${timeoutMs}ms` },
    // One more than is taken: so that it is seen that there are more.
    limit: String(mostSeries + 1),
  }).toString();
  return new Promise((resolve) => {
    const broken = (error: Error & { code?: string }): void =>
      resolve({
        kind: 'broken',
        detail: signal.aborted ? 'gives no answer in time' : `cannot be asked: ${clipped(error.code ?? error.message)}`,
      });
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, {
      ...{ method: 'POST', agent: false, signal, ...(server.ca !== null && { ca: server.ca }) },
      headers: {
        ...{ 'user-agent': 'moola', accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
        'content-length': Buffer.byteLength(body),
        ...(server.authorization !== null && { authorization: server.authorization }),
      },
    });
    request.on('error', broken);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      let length = 0;
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        length += chunk.length;
        if (length <= longestAnswer) return;
        resolve({ kind: 'too long' });
        request.destroy();
      });
      response.on('end', () => {
        const { statusCode: status = 0, headers } = response;
        resolve({ kind: 'answered', status, location: headers.location ?? '', body: Buffer.concat(chunks).toString() });
      });
      response.on('error', broken);
      response.on('aborted', () => broken(new Error('it ended its answer half-way')));
    });
    request.end(body);
  });
}

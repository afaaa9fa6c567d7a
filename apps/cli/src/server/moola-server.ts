import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { problemIn } from './problem-in.js';

export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  /** One line: what, where, what to do. `status` is `null` when no server answered. */
  | { readonly ok: false; readonly status: number | null; readonly problem: string };

/** A part of a list. */
export interface Page<T> {
  readonly rows: readonly T[];
  /** How many there are on all pages. */
  readonly total: number;
  /** The last row of this page, if there is a page after it. */
  readonly next: string | null;
}

const noServer = ['ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'];

/** The API of a running Moola. */
export class MoolaServer {
  constructor(
    readonly url: string,
    private readonly token: string | undefined,
  ) {}

  /** A page of a list, by its headers `X-Total-Count` and `X-Next-Before`. */
  page<T>(path: string): Promise<Answer<Page<T>>> {
    return this.ask('GET', `/api/v1/${path}`, undefined, (text, headers) => {
      const rows = JSON.parse(text) as T[];
      const next = headers.get('x-next-before');
      const total = Number(headers.get('x-total-count') ?? rows.length);
      return { rows, total, next: next === null ? null : decodeURIComponent(next) };
    });
  }

  get<T>(path: string): Promise<Answer<T>> {
    return this.ask('GET', `/api/v1/${path}`, undefined, (text) => JSON.parse(text) as T);
  }

  text(path: string): Promise<Answer<string>> {
    return this.ask('GET', `/api/v1/${path}`, undefined, (text) => text);
  }

  /** Writes what is answered into a file that does not exist yet. @returns how many bytes */
  async file(path: string, file: string): Promise<Answer<number>> {
    let response: Response;
    try {
      response = await fetch(`${this.url}/api/v1/${path}`, { headers: this.authorization() });
      if (!response.ok)
        return { ok: false, status: response.status, problem: this.refused(response, await response.text()) };
    } catch (error) {
      return { ok: false, status: null, problem: this.unreachable(error) };
    }
    try {
      const target = createWriteStream(file, { flags: 'wx' });
      await pipeline(Readable.fromWeb(response.body as never), target);
      return { ok: true, value: target.bytesWritten };
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const problem = code === 'EEXIST' ? `${file} exists already: name another, or remove it` : `${file}: ${message}`;
      return { ok: false, status: null, problem };
    }
  }

  private authorization(): Record<string, string> {
    return this.token === undefined ? {} : { authorization: `Bearer ${this.token}` };
  }

  post<T>(path: string, body: unknown): Promise<Answer<T>> {
    return this.ask('POST', `/api/v1/${path}`, body, (text) => JSON.parse(text) as T);
  }

  /** Events of producers. The answer names those that were refused. */
  sendEvents<T>(events: readonly unknown[]): Promise<Answer<T>> {
    return this.ask('POST', '/v1/events?answers=refused', events, (text) => JSON.parse(text) as T);
  }

  delete<T>(path: string): Promise<Answer<T>> {
    return this.ask('DELETE', `/api/v1/${path}`, undefined, (text) => JSON.parse(text) as T);
  }

  private async ask<T>(
    method: string,
    path: string,
    body: unknown,
    read: (text: string, headers: Headers) => T,
  ): Promise<Answer<T>> {
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${this.url}${path}`, {
        method,
        headers: {
          ...this.authorization(),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      text = await response.text();
    } catch (error) {
      return { ok: false, status: null, problem: this.unreachable(error) };
    }
    if (!response.ok) return { ok: false, status: response.status, problem: this.refused(response, text) };
    try {
      return { ok: true, value: read(text, response.headers) };
    } catch {
      return { ok: false, status: response.status, problem: `what answers at ${this.url} is no Moola server` };
    }
  }

  private unreachable(error: unknown): string {
    const cause = ((error as Error).cause ?? error) as NodeJS.ErrnoException;
    const code = cause.code ?? '';
    if (noServer.includes(code)) return `no server answers at ${this.url}: start one with \`npm run moola -- up\``;
    if (code === 'ENOTFOUND')
      return `no server answers at ${this.url}: nobody knows the host ${new URL(this.url).hostname}`;
    return `no server answers at ${this.url}: ${cause.message}`;
  }

  private refused({ status, headers }: Response, text: string): string {
    const problem = problemIn(text);
    if (status === 401) {
      if (this.token === undefined) return `${this.url} asks for a token: set MOOLA_TOKEN, or give it with --token`;
      // One that was good once: the server says what has become of it.
      if (problem !== null && headers.get('www-authenticate')?.includes('invalid_token')) return problem;
      return `${this.url} does not know this token: look at MOOLA_TOKEN, or at --token`;
    }
    if (problem === null) return `what answers at ${this.url} is no Moola server (it answers ${status})`;
    return status < 500 ? problem : `the server at ${this.url} failed: ${problem} (${status}; its log says more)`;
  }
}

/** A path with each part encoded. */
export const path = (...parts: readonly string[]): string => parts.map(encodeURIComponent).join('/');

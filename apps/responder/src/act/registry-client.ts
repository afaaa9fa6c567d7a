import { versionOf, type RegistryVersion } from './registry-version.js';

/** What an alias read answers. `unreadable`: no answer came, or not in time, or one that says nothing of the alias. */
export type AliasRead =
  | { readonly kind: 'points'; readonly at: RegistryVersion }
  | { readonly kind: 'absent'; readonly detail: string }
  | { readonly kind: 'unreadable'; readonly detail: string };

/** What the read of one version answers. */
export type VersionRead =
  { readonly kind: 'is'; readonly at: RegistryVersion } | { readonly kind: 'unreadable'; readonly detail: string };

/** What a write answers. `refused` and `not now`: nothing was written. `unanswered`: it may or may not have happened. */
export type AliasWrite =
  | { readonly kind: 'answered' }
  | { readonly kind: 'refused' | 'not now'; readonly detail: string }
  | { readonly kind: 'unanswered'; readonly detail: string };

/** All versions of a registered model. `incomplete`: an answer failed or was not whole, so nothing follows from it. */
export type VersionList =
  | { readonly kind: 'complete'; readonly versions: readonly RegistryVersion[] }
  | { readonly kind: 'incomplete'; readonly detail: string };

export interface RegistryClientOptions {
  /** Such as `http://127.0.0.1:5000`: the calls are below `/api/2.0/mlflow`. */
  readonly baseUrl: string;
  /** Longest wait for one answer, milliseconds. */
  readonly timeoutMs: number;
  /** Sent as a bearer token; none if absent. */
  readonly token?: string;
  /** Aborts when an answer has taken too long; by default by the wall clock. Tests let it pass at once. */
  readonly timeout?: (timeoutMs: number) => AbortSignal;
}

/**
 * Versions asked for at a time, and how many pages are read at most: nobody has half a million versions of a model. One page
 * is of one moment; MLflow numbers its pages by offset, so what changes meanwhile may come twice.
 */
const PAGE_SIZE = 1_000;
const MOST_PAGES = 500;

/**
 * The calls of the MLflow REST API that moving an alias needs: the alias itself, one version, all versions of a model. It
 * decides nothing and tries nothing twice, and never takes a part for the whole.
 */
export class RegistryClient {
  constructor(private readonly options: RegistryClientOptions) {}

  /** Which version the alias points at. MLflow answers 400 or 404 when it is not set. */
  async read(registeredModel: string, alias: string, signal: AbortSignal): Promise<AliasRead> {
    const query = new URLSearchParams({ name: registeredModel, alias });
    const answer = await this.call('GET', `registered-models/alias?${query.toString()}`, null, signal);
    switch (answer.kind) {
      case 'ok': {
        const at = versionOf((answer.body as { model_version?: unknown } | null)?.model_version);
        return at === null
          ? { kind: 'unreadable', detail: 'the registry answered without a model version' }
          : { kind: 'points', at };
      }
      case 'refused':
        return { kind: isAbsence(answer) ? 'absent' : 'unreadable', detail: answer.detail };
      case 'not now':
      case 'unanswered':
        return { kind: 'unreadable', detail: answer.detail };
    }
  }

  async write(registeredModel: string, alias: string, version: string, signal: AbortSignal): Promise<AliasWrite> {
    const answer = await this.call(
      'POST',
      'registered-models/alias',
      { name: registeredModel, alias, version },
      signal,
    );
    return answer.kind === 'ok' ? { kind: 'answered' } : answer;
  }

  async remove(registeredModel: string, alias: string, signal: AbortSignal): Promise<AliasWrite> {
    const answer = await this.call('DELETE', 'registered-models/alias', { name: registeredModel, alias }, signal);
    return answer.kind === 'ok' ? { kind: 'answered' } : answer;
  }

  /** One version by its number, as the registry itself has it; `null` where it could not be read for certain. */
  async version(registeredModel: string, version: string, signal: AbortSignal): Promise<VersionRead> {
    const query = new URLSearchParams({ name: registeredModel, version });
    const answer = await this.call('GET', `model-versions/get?${query.toString()}`, null, signal);
    if (answer.kind !== 'ok') return { kind: 'unreadable', detail: answer.detail };
    const at = versionOf((answer.body as { model_version?: unknown } | null)?.model_version);
    return at?.version === version
      ? { kind: 'is', at }
      : { kind: 'unreadable', detail: `the registry answered without version ${version}` };
  }

  /** All versions of a registered model, page after page. */
  async versions(registeredModel: string, signal: AbortSignal): Promise<VersionList> {
    const filter = `name = ${quoted(registeredModel)}`;
    const versions = new Map<string, RegistryVersion>();
    const tokens = new Set<string>();
    for (let token = ''; tokens.size < MOST_PAGES; tokens.add(token)) {
      const query = new URLSearchParams({ filter, max_results: `${PAGE_SIZE}` });
      if (token !== '') query.set('page_token', token);
      const answer = await this.call('GET', `model-versions/search?${query.toString()}`, null, signal);
      if (answer.kind !== 'ok') return { kind: 'incomplete', detail: answer.detail };
      const page = pageOf(answer.body, registeredModel);
      if (page === null)
        return { kind: 'incomplete', detail: 'the registry answered with something else than versions' };
      for (const each of page.versions) versions.set(each.version, each);
      if (page.nextToken === '') return { kind: 'complete', versions: [...versions.values()] };
      if (tokens.has(page.nextToken)) {
        return { kind: 'incomplete', detail: 'the registry answered with the same page token again' };
      }
      token = page.nextToken;
    }
    return { kind: 'incomplete', detail: `the registry answered with more than ${MOST_PAGES} pages` };
  }

  private async call(method: string, path: string, body: unknown, signal: AbortSignal): Promise<Answer> {
    const { baseUrl, timeoutMs, token, timeout = (ms) => AbortSignal.timeout(ms) } = this.options;
    try {
      const response = await fetch(`${baseUrl.replace(/\/+$/, '')}/api/2.0/mlflow/${path}`, {
        method,
        redirect: 'error',
        signal: AbortSignal.any([signal, timeout(timeoutMs)]),
        headers: {
          ...(body === null ? {} : { 'content-type': 'application/json' }),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        ...(body === null ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (response.ok) return { kind: 'ok', body: parsed(text) };
      const { code, message } = mlflowError(text);
      const detail = `the registry answered ${response.status}${code === '' ? '' : ` ${code}`}: ${message}`;
      if (response.status >= 500) return { kind: 'unanswered', detail };
      return { kind: NOT_NOW.has(response.status) ? 'not now' : 'refused', code, detail };
    } catch (error) {
      // Whoever aborted from outside wants no answer; anything else is one that did not come.
      if (signal.aborted) throw error;
      return {
        kind: 'unanswered',
        detail: `${method} ${path.split('?')[0]} at ${baseUrl}: ${reasonOf(error, timeoutMs)}`,
      };
    }
  }
}

type Answer =
  | { readonly kind: 'ok'; readonly body: unknown }
  | { readonly kind: 'refused' | 'not now'; readonly code: string; readonly detail: string }
  | { readonly kind: 'unanswered'; readonly detail: string };

/** "Not now" by HTTP, beside every 5xx: request timeout, too early, too many requests. */
const NOT_NOW = new Set([408, 425, 429]);

/** A page of versions. An entry of another model is left out: the registry has not understood the filter. */
function pageOf(body: unknown, registeredModel: string): { versions: RegistryVersion[]; nextToken: string } | null {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return null;
  // An empty list is left out, as proto3 has it in JSON.
  const { model_versions: entries = [], next_page_token: nextToken = '' } = body as Record<string, unknown>;
  if (!Array.isArray(entries) || typeof nextToken !== 'string') return null;
  const versions: RegistryVersion[] = [];
  for (const entry of entries as readonly ({ name?: unknown } | null)[]) {
    const version = versionOf(entry);
    if (version === null || typeof entry?.name !== 'string') return null;
    if (entry.name === registeredModel) versions.push(version);
  }
  return { versions, nextToken };
}

/** MLflow says INVALID_PARAMETER_VALUE "Registered model alias … not found.", other stores RESOURCE_DOES_NOT_EXIST. */
function isAbsence(answer: { readonly code: string; readonly detail: string }): boolean {
  if (answer.code === 'RESOURCE_DOES_NOT_EXIST') return true;
  return answer.code === 'INVALID_PARAMETER_VALUE' && /alias .*not found/i.test(answer.detail);
}

function mlflowError(text: string): { code: string; message: string } {
  const body = parsed(text) as { error_code?: unknown; message?: unknown } | null;
  const code = typeof body?.error_code === 'string' ? body.error_code : '';
  return { code, message: typeof body?.message === 'string' ? body.message : text.slice(0, 200) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function reasonOf(error: unknown, timeoutMs: number): string {
  const { name, message, cause } = error as { name?: string; message?: string; cause?: { message?: string } };
  if (name === 'TimeoutError') return `no answer within ${timeoutMs} ms`;
  return cause?.message ?? message ?? String(error);
}

function quoted(text: string): string {
  return text.includes("'") ? `"${text}"` : `'${text}'`;
}

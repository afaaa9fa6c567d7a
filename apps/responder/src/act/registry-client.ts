/** What an alias read answers. `unreadable`: nobody answered, or not in time, or with an error of its own. */
export type AliasRead =
  | { readonly kind: 'points'; readonly at: RegistryVersion }
  | { readonly kind: 'absent'; readonly detail: string }
  | { readonly kind: 'refused'; readonly detail: string }
  | { readonly kind: 'unreadable'; readonly detail: string };

/** What a write answers. `unanswered`: it may or may not have happened. */
export type AliasWrite =
  | { readonly kind: 'answered' }
  | { readonly kind: 'refused'; readonly detail: string }
  | { readonly kind: 'unanswered'; readonly detail: string };

/** A model version as the registry names it. MLflow itself counts 1, 2, 3 …; a registry such as ours takes any name. */
export interface RegistryVersion {
  readonly version: string;
  /** The value of its tag `moola.version`; empty without one. */
  readonly tag: string;
}

export interface RegistryClientOptions {
  /** Such as `http://127.0.0.1:5000`: the calls are below `/api/2.0/mlflow`. */
  readonly baseUrl: string;
  /** Longest wait for one answer, milliseconds. */
  readonly timeoutMs: number;
  /** Sent as a bearer token; none if absent. */
  readonly token?: string;
}

const VERSION_TAG = 'moola.version';

/**
 * The alias calls of the MLflow REST API (`/api/2.0/mlflow/registered-models/alias`) and the search for the number of a
 * version. It decides nothing and tries nothing twice. How versions are named: docs/decisions/0006.
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
        return isAbsence(answer) ? { kind: 'absent', detail: answer.detail } : answer;
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

  /** The number that a counting registry has for our version: by its tag, else what follows the "v" of its name. */
  async numberOf(registeredModel: string, name: string, signal: AbortSignal): Promise<string | null> {
    const filter = `name = ${quoted(registeredModel)} and tags.\`${VERSION_TAG}\` = ${quoted(name)}`;
    const answer = await this.call(
      'GET',
      `model-versions/search?${new URLSearchParams({ filter }).toString()}`,
      null,
      signal,
    );
    const found = answer.kind === 'ok' ? (answer.body as { model_versions?: unknown } | null)?.model_versions : null;
    const tagged = Array.isArray(found) ? versionOf(found[0]) : null;
    return tagged?.version ?? /^v?(\d+)$/.exec(name)?.[1] ?? null;
  }

  private async call(method: string, path: string, body: unknown, signal: AbortSignal): Promise<Answer> {
    const { baseUrl, timeoutMs, token } = this.options;
    try {
      const response = await fetch(`${baseUrl.replace(/\/+$/, '')}/api/2.0/mlflow/${path}`, {
        method,
        redirect: 'error',
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
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
      return response.status >= 500
        ? { kind: 'unanswered', detail }
        : { kind: 'refused', status: response.status, code, detail };
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
  | { readonly kind: 'refused'; readonly status: number; readonly code: string; readonly detail: string }
  | { readonly kind: 'unanswered'; readonly detail: string };

/** Whether a version of the registry is ours of that name. */
export function isVersion(at: RegistryVersion, name: string): boolean {
  if (at.tag !== '') return at.tag === name;
  return at.version === name || `v${at.version}` === name;
}

/** Whether the registry counts its versions, as MLflow does. */
export function countsVersions(at: RegistryVersion): boolean {
  return /^\d+$/.test(at.version);
}

function versionOf(modelVersion: unknown): RegistryVersion | null {
  if (typeof modelVersion !== 'object' || modelVersion === null) return null;
  const { version, tags } = modelVersion as { version?: unknown; tags?: unknown };
  if (typeof version !== 'string' && typeof version !== 'number') return null;
  const tag: unknown = Array.isArray(tags)
    ? tags.find((each: { key?: unknown } | null) => each?.key === VERSION_TAG)
    : undefined;
  const value = (tag as { value?: unknown } | undefined)?.value;
  return { version: String(version), tag: typeof value === 'string' ? value : '' };
}

/** MLflow says INVALID_PARAMETER_VALUE "Registered model alias … not found.", other stores RESOURCE_DOES_NOT_EXIST. */
function isAbsence(answer: Answer & { kind: 'refused' }): boolean {
  return answer.code === 'RESOURCE_DOES_NOT_EXIST' || /alias .*not found/i.test(answer.detail);
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

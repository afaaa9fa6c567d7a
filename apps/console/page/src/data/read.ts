import { authorization } from './token';

/** Reads a path of the API. Rejects with the server's own words. */
export async function read<T>(path: string): Promise<T> {
  return (await (await answered(path)).json()) as T;
}

/** A part of a list. */
export interface Page<T> {
  readonly rows: readonly T[];
  /** How many there are on all pages. */
  readonly total: number;
}

export async function readPage<T>(path: string): Promise<Page<T>> {
  const response = await answered(path);
  const rows = (await response.json()) as T[];
  return { rows, total: Number(response.headers.get('x-total-count') ?? rows.length) };
}

export async function readText(path: string): Promise<string> {
  return (await answered(path)).text();
}

export async function send(path: string, body: unknown): Promise<void> {
  await answered(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
}

async function answered(path: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(`/api/v1/${path}`, { ...init, headers: { ...init.headers, ...authorization() } });
  if (!response.ok) throw new Error(await words(response));
  return response;
}

export async function words(response: Response): Promise<string> {
  const body = (await response.json().catch(() => ({}))) as { message?: string | string[] };
  return [body.message ?? `${response.status} ${response.statusText}`].flat().join('; ');
}

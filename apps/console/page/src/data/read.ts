/** The bearer token, when the server asks for one: `#token=…` in the address, kept for the session. */
function token(): string | null {
  const given = /[#&]token=([^&]+)/.exec(location.hash)?.[1];
  if (given) {
    sessionStorage.setItem('token', decodeURIComponent(given));
    history.replaceState(null, '', location.pathname + location.search);
  }
  return sessionStorage.getItem('token');
}

function headers(): Record<string, string> {
  const value = token();
  return value ? { Authorization: `Bearer ${value}` } : {};
}

/** Reads a path of the API. Rejects with the server's own words. */
export async function read<T>(path: string): Promise<T> {
  const response = await fetch(`/api/v1/${path}`, { headers: headers() });
  if (!response.ok) throw new Error(await words(response));
  return (await response.json()) as T;
}

export async function send(path: string, body: unknown): Promise<void> {
  const response = await fetch(`/api/v1/${path}`, {
    method: 'POST',
    headers: { ...headers(), 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(await words(response));
}

async function words(response: Response): Promise<string> {
  const body = (await response.json().catch(() => ({}))) as { message?: string | string[] };
  return [body.message ?? `${response.status} ${response.statusText}`].flat().join('; ');
}

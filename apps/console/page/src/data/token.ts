const key = 'moola-token';

/** The bearer token, when the server asks for one: `#token=…` in the address, or what was typed; kept for the session. */
export function token(): string | null {
  const given = /[#&]token=([^&]+)/.exec(location.hash)?.[1];
  if (given) {
    keepToken(decodeURIComponent(given));
    history.replaceState(null, '', location.pathname + location.search + location.hash.replace(/[#&]token=[^&]+/, ''));
  }
  return sessionStorage.getItem(key);
}

export function keepToken(value: string): void {
  sessionStorage.setItem(key, value);
}

export function forgetToken(): void {
  sessionStorage.removeItem(key);
}

export function authorization(): Record<string, string> {
  const value = token();
  return value === null ? {} : { Authorization: `Bearer ${value}` };
}

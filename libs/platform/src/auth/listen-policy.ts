/** Addresses that only this machine reaches. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** Why a process must not listen as it was told to; `null` when it may. */
export function listenRefusal(host: string, token: string | undefined): string | null {
  if (isLoopback(host) || token !== undefined) return null;
  return (
    `MOOLA_HOST: "${host}" can be reached from other machines, and there is no MOOLA_TOKEN. ` +
    'Set MOOLA_TOKEN (at least 16 characters) or listen on 127.0.0.1.'
  );
}

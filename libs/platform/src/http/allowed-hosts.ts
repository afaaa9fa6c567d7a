import { isIP } from 'node:net';

/** Stands for every host in `MOOLA_ALLOWED_HOSTS`. */
const anyHost = '*';

export interface HostNames {
  /** Where the process listens. */
  readonly host: string;
  /** `MOOLA_PUBLIC_URL` */
  readonly publicUrl: string | undefined;
  /** `MOOLA_ALLOWED_HOSTS` */
  readonly allowedHosts: readonly string[];
}

/** The name in a `Host` header: lower case, without port, brackets and the dot at the end. */
export function hostName(header: string): string {
  const withoutPort = header.trim().toLowerCase().replace(/:\d*$/, '');
  return withoutPort.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
}

/**
 * Whether a request may ask for a host. A web page can make a name of its own resolve to this machine (DNS rebinding), and
 * then counts as the same site; it cannot do so with an address, with `localhost`, or with names that it does not own.
 */
export function isAllowedHost(header: string | undefined, names: HostNames): boolean {
  const name = hostName(header ?? '');
  if (name === '') return false;
  if (isIP(name) !== 0 || name === 'localhost' || name.endsWith('.localhost')) return true;
  if (names.allowedHosts.some((allowed) => allowed === anyHost || hostName(allowed) === name)) return true;
  const own = [names.host, ...(names.publicUrl === undefined ? [] : [new URL(names.publicUrl).hostname])];
  return own.some((each) => hostName(each) === name);
}

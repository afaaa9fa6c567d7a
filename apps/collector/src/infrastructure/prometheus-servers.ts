import { createSecureContext } from 'node:tls';
import { z } from 'zod';
import { isLoopback } from '@moola/platform/http/loopback-url';
import { nameIn, nameInVariables, settingsOf } from '@moola/platform/settings/named-settings';
import { readSettings, type SettingsSpec } from '@moola/platform/settings/settings';

/** A Prometheus that may be asked. */
export interface PrometheusServer {
  readonly url: URL;
  /** `Authorization`, where it wants one. */
  readonly authorization: string | null;
  /** Certificates that its own is checked by, instead of those of the system. */
  readonly ca: string | null;
}

/** By `serverId`. */
export type PrometheusServers = ReadonlyMap<string, PrometheusServer>;

export type PrometheusServersResult =
  | { readonly ok: true; readonly servers: PrometheusServers }
  /** All that is wrong, a line each. */
  | { readonly ok: false; readonly problems: readonly string[] };

const first = 'MOOLA_PROMETHEUS_';

/** Of `deploy_monitoring.sh`: a Prometheus that it checks. It is nobody's name. */
const ofDeployment = 'MOOLA_PROMETHEUS_URL';

/** Variables that may be a server's. */
export const prometheusVariables = /^MOOLA_PROMETHEUS_/;

/** What a definition's `server` is called among the configured ones: `in-cluster` and `IN_CLUSTER` are the same name. */
export function serverId(name: string): string {
  return nameInVariables(name);
}

/** The variable that would configure a server. */
export function urlVariableOf(name: string): string {
  return `${first}${serverId(name)}_URL`;
}

const address = z
  .string('is missing')
  .refine((text) => URL.canParse(text), 'is no URL')
  .transform((text) => new URL(text))
  .refine(({ protocol }) => protocol === 'https:' || protocol === 'http:', 'must begin with https:// or http://')
  .refine(
    ({ username, password }) => username === '' && password === '',
    'must hold no credentials: set _USERNAME and _PASSWORD',
  )
  .refine(({ search, hash }) => search === '' && hash === '', 'must end before ? and #');

const headerText = z.string().regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces');

/** Settings of a server; each `variable` is what follows `MOOLA_PROMETHEUS_<NAME>_`. */
export const serverSettings = {
  url: {
    variable: 'URL',
    schema: address,
    // Where somebody has put credentials into it.
    secret: true,
    text: 'Where it is, without `/api/v1`; a path before that is kept. Credentials are sent over `https` only (over `http` to this machine).',
  },
  token: { variable: 'TOKEN', schema: headerText.optional(), text: 'Sent as `Authorization: Bearer`.', secret: true },
  username: { variable: 'USERNAME', schema: z.string().min(1).optional(), text: 'Of basic authentication.' },
  password: { variable: 'PASSWORD', schema: z.string().min(1).optional(), text: 'Beside the user name.', secret: true },
  ca: {
    variable: 'CA',
    schema: z.string().refine(isCertificate, 'is no certificate in PEM').optional(),
    text: 'Certificates in PEM that the server’s own is checked by, instead of those of the system; `_CA_FILE` names their file.',
  },
} as const satisfies SettingsSpec;

/** Where the text of settings comes from. */
export interface SettingsSource {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly readFile: (path: string) => string;
}

/** Reads every `MOOLA_PROMETHEUS_<NAME>_…` and reports all problems at once. */
export function readPrometheusServers({ environment, readFile }: SettingsSource): PrometheusServersResult {
  const problems: string[] = [];
  const names = new Set<string>();
  for (const variable of Object.keys(environment).sort()) {
    if (!variable.startsWith(first) || environment[variable] === undefined || variable === ofDeployment) continue;
    const name = nameIn(variable, first, serverSettings);
    if (name === null || !/^[A-Z0-9_]+$/.test(name))
      problems.push(`${variable}: is no setting of a Prometheus (${first}<NAME>_ and one of ${endings()})`);
    else names.add(name);
  }
  const servers = new Map<string, PrometheusServer>();
  for (const name of names) {
    const prefix = `${first}${name}_`;
    const read = readSettings(settingsOf(serverSettings, prefix), environment, readFile);
    if (!read.ok) {
      problems.push(...read.problems);
      continue;
    }
    const { url, token, username, password, ca } = read.settings;
    const wrong = together({ url, token, username, password });
    if (wrong !== null) problems.push(prefix + wrong);
    const basic =
      username === undefined ? null : `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}`;
    servers.set(name, { url, authorization: token === undefined ? basic : `Bearer ${token}`, ca: ca ?? null });
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, servers };
}

interface Credentials {
  readonly url: URL;
  readonly token: string | undefined;
  readonly username: string | undefined;
  readonly password: string | undefined;
}

/** What is wrong with settings that are right one by one. */
function together({ url, token, username, password }: Credentials): string | null {
  if (token !== undefined && username !== undefined) return 'TOKEN: stands beside USERNAME: set one of them';
  if ((username === undefined) !== (password === undefined))
    return 'PASSWORD: USERNAME and PASSWORD go together: set both';
  const sendsSecret = token !== undefined || password !== undefined;
  if (!sendsSecret || url.protocol === 'https:' || isLoopback(url)) return null;
  return 'URL: "http:" would send the credentials in clear: use https';
}

function isCertificate(text: string): boolean {
  if (!text.includes('-----BEGIN CERTIFICATE-----')) return false;
  try {
    createSecureContext({ ca: text });
    return true;
  } catch {
    return false;
  }
}

function endings(): string {
  return Object.values(serverSettings)
    .map(({ variable }) => variable)
    .join(', ');
}

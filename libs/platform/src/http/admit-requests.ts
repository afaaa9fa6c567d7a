import type { FastifyInstance, FastifyRequest } from 'fastify';
import { admit } from '../access/caller.js';
import type { AccessTable } from '../access/find-access.js';
import { refusalTo } from '../access/permit.js';
import type { Authenticator } from '../auth/authenticator.js';
import { authenticate } from '../auth/authenticators.js';
import { anybody, type Subject } from '../auth/subject.js';
import { isAllowedHost, type HostNames } from './allowed-hosts.js';
import { isForeignPage } from './foreign-page.js';
import { refuse, type Refusal } from './refusal.js';
import './route-config.js';

export interface Admission extends HostNames {
  /** Who is asked about a token, in order; none: no authentication is configured. */
  readonly authenticators: readonly Authenticator[];
  readonly access: AccessTable;
}

/** The same whether there is no token or one that nobody knows: a stranger learns nothing from it. */
const noToken =
  'this address needs the header "Authorization: Bearer <token>": MOOLA_TOKEN, or a token that "moola tokens create" has made';

/**
 * Decides who is let in, before a byte of the body is read or anything is reserved for it: the host that is asked for, the
 * page that asks, the token, its role, its environments. Goes by the route that the framework has found, never by the
 * address as it was written.
 */
export function admitRequests(fastify: FastifyInstance, admission: Admission): void {
  fastify.addHook('onRequest', async (request, reply) => {
    const refusal = refusedAsked(request, admission) ?? (await refusedSender(request, admission));
    if (refusal === null) return undefined;
    refuse(request, reply, refusal);
    return reply;
  });
}

const header = ({ headers }: FastifyRequest, name: string): string | undefined => {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
};

/** By what is asked for, and from where. */
function refusedAsked(request: FastifyRequest, admission: Admission): Refusal | null {
  const { headers, method } = request;
  const anyHost = admission.access.of(method, request.routeOptions.url)?.anyHost === true;
  if (!anyHost && !isAllowedHost(headers.host, admission)) {
    const message =
      `this process is not asked for by the name ${JSON.stringify(headers.host ?? '')}: use localhost or its address, ` +
      'or add the name to MOOLA_ALLOWED_HOSTS (MOOLA_PUBLIC_URL: its name is allowed as well)';
    return { status: 403, reason: 'host', message };
  }
  const origin = {
    ...{ method, host: headers.host, origin: header(request, 'origin') },
    ...{ fetchSite: header(request, 'sec-fetch-site'), fetchMode: header(request, 'sec-fetch-mode') },
  };
  if (isForeignPage(origin, admission.publicUrl)) {
    const message =
      `a page of ${origin.origin ?? 'another site'} may not ask this: only the console's own page may. ` +
      'Behind a proxy, set MOOLA_PUBLIC_URL to the address that browsers use';
    return { status: 403, reason: 'foreign-page', message };
  }
  return null;
}

/** By who sends it. Nobody learns what there is before it is known who they are. */
async function refusedSender(request: FastifyRequest, admission: Admission): Promise<Refusal | null> {
  const { method, routeOptions } = request;
  const access = admission.access.of(method, routeOptions.url);
  if (access?.role === 'anyone') {
    admit(request, { subject: anybody, stillHolds: async () => true });
    return null;
  }
  const known = await senderOrRefusal(request, admission.authenticators);
  if ('status' in known) return known;
  const stillHolds = async () => !('status' in (await senderOrRefusal(request, admission.authenticators)));
  admit(request, { subject: known, stillHolds });
  // The framework answers 404.
  if (request.is404) return null;
  if (access === undefined) {
    const message = `${method} ${routeOptions.url} stands in no line of the table of routes (access/route-access.ts): nobody may ask it`;
    return { status: 403, reason: 'unlisted-route', message };
  }
  const { environment } = { ...routeOptions.config, ...(request.params as { readonly environment?: string }) };
  const refusal = refusalTo(known, access, environment);
  if (refusal === null) return null;
  return { status: 403, ...refusal, headers: { 'www-authenticate': 'Bearer error="insufficient_scope"' } };
}

async function senderOrRefusal(request: FastifyRequest, chain: readonly Authenticator[]): Promise<Subject | Refusal> {
  if (chain.length === 0) return anybody;
  const authentication = await authenticate(chain, request.headers.authorization);
  switch (authentication.kind) {
    case 'authenticated':
      return authentication.subject;
    case 'unknown':
      return { status: 401, reason: 'token', message: noToken, headers: { 'www-authenticate': 'Bearer' } };
    case 'refused':
      return {
        ...{ status: 401, reason: 'token-ended', message: authentication.message },
        headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
      };
    case 'unavailable':
      return { status: 503, reason: 'tokens-unread', message: authentication.message, headers: { 'retry-after': '5' } };
  }
}

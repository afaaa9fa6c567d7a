import type { FastifyInstance } from 'fastify';
import { carriesToken } from '../auth/bearer-token.js';
import { isAllowedHost, type HostNames } from './allowed-hosts.js';
import { isForeignPage } from './foreign-page.js';
import { refuse } from './refusal.js';
import './route-config.js';

export interface Admission extends HostNames {
  readonly token: string | undefined;
}

/**
 * Decides who is let in, before a byte of the body is read or anything is reserved for it: the host that is asked for, the
 * page that asks, the token. Goes by the route that the framework has found, never by the address as it was written.
 */
export function admitRequests(fastify: FastifyInstance, admission: Admission): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const { anyHost = false, withoutToken = false } = request.routeOptions.config;
    const { headers, method } = request;
    const header = (name: string): string | undefined => {
      const value = headers[name];
      return Array.isArray(value) ? value.join(', ') : value;
    };
    if (!anyHost && !isAllowedHost(headers.host, admission)) {
      const message =
        `this process is not asked for by the name ${JSON.stringify(headers.host ?? '')}: use localhost or its address, ` +
        'or add the name to MOOLA_ALLOWED_HOSTS (MOOLA_PUBLIC_URL: its name is allowed as well)';
      refuse(request, reply, { status: 403, reason: 'host', message });
      return;
    }
    const origin = {
      ...{ method, host: headers.host, origin: header('origin') },
      ...{ fetchSite: header('sec-fetch-site'), fetchMode: header('sec-fetch-mode') },
    };
    if (isForeignPage(origin, admission.publicUrl)) {
      const message =
        `a page of ${origin.origin ?? 'another site'} may not ask this: only the console's own page may. ` +
        'Behind a proxy, set MOOLA_PUBLIC_URL to the address that browsers use';
      refuse(request, reply, { status: 403, reason: 'foreign-page', message });
      return;
    }
    if (!withoutToken && admission.token !== undefined && !carriesToken(headers.authorization, admission.token)) {
      const message = 'this address needs the header "Authorization: Bearer <MOOLA_TOKEN>"';
      const headers = { 'www-authenticate': 'Bearer' };
      refuse(request, reply, { status: 401, reason: 'token', message, headers });
      return;
    }
    done();
  });
}

import type { ApiTokens } from './api-tokens/api-tokens.js';
import type { Authentication, Authenticator } from './authenticator.js';
import { unknown } from './authenticator.js';
import { ConfiguredToken } from './configured-token/configured-token.js';

/**
 * Who is asked about a bearer token, in order; none where no authentication is configured (`MOOLA_TOKEN` is not set).
 * @param apiTokens `null` for a process that reads none
 */
export function authenticators(configured: string | undefined, apiTokens: ApiTokens | null): readonly Authenticator[] {
  if (configured === undefined) return [];
  return [new ConfiguredToken(configured), ...(apiTokens === null ? [] : [apiTokens])];
}

/** The first answer that is one. @param authorization the header */
export async function authenticate(
  chain: readonly Authenticator[],
  authorization: string | undefined,
): Promise<Authentication> {
  const token = bearerToken(authorization);
  for (const authenticator of chain) {
    const answer = await authenticator.authenticate(token);
    if (answer.kind !== 'unknown') return answer;
  }
  return unknown;
}

/** What the header carries; empty without one. The scheme's case does not matter (RFC 9110). */
export function bearerToken(authorization: string | undefined): string {
  return /^Bearer +(.+)$/i.exec(authorization ?? '')?.[1] ?? '';
}

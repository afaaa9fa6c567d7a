import { createHash, timingSafeEqual } from 'node:crypto';
import { type CanActivate, type ExecutionContext, UnauthorizedException } from '@nestjs/common';

const digest = (text: string) => createHash('sha256').update(text).digest();

/** True when the header carries the token. Compared in constant time. */
export function carriesToken(authorization: string | undefined, token: string): boolean {
  const given = /^Bearer (.+)$/.exec(authorization ?? '')?.[1] ?? '';
  return timingSafeEqual(digest(given), digest(token));
}

/** Lets only requests with the bearer token through; without a token configured, all. Health stays open. */
export class TokenGuard implements CanActivate {
  constructor(private readonly token: string | undefined) {}

  canActivate(context: ExecutionContext): boolean {
    if (this.token === undefined) return true;
    const request = context.switchToHttp().getRequest<{ url: string; headers: Record<string, string | undefined> }>();
    if (/^\/(healthz|readyz)(\?|$)/.test(request.url)) return true;
    if (carriesToken(request.headers['authorization'], this.token)) return true;
    throw new UnauthorizedException('this address needs the header "Authorization: Bearer <MOOLA_TOKEN>"');
  }
}

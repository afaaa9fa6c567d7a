import { type IncomingMessage, ServerResponse } from 'node:http';

/** What the page may load: its own files, and the picture in its own head. No inline script, no inline style. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Headers of every answer: pages, data, errors. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': contentSecurityPolicy,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** A response that carries the headers before any router, hook or handler sees its request, so that none can forget them. */
export class SecuredResponse<R extends IncomingMessage = IncomingMessage> extends ServerResponse<R> {
  constructor(request: R) {
    super(request);
    for (const [name, value] of Object.entries(securityHeaders)) this.setHeader(name, value);
  }
}

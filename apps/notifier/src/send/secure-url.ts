import { z } from 'zod';

const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

export function isLoopback({ hostname }: URL): boolean {
  return loopback.has(hostname);
}

/** An address that messages may be sent to: HTTPS, or HTTP on this machine. */
export const secureUrl = z
  .string('is missing')
  .refine((text) => URL.canParse(text), 'is no URL')
  .transform((text) => new URL(text))
  .refine(
    (url) => url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url)),
    'must begin with https:// (http:// on localhost only)',
  );

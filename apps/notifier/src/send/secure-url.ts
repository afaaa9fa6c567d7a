import { isLoopback } from '@moola/platform/http/loopback-url';
import { z } from 'zod';

/** An address that messages may be sent to: HTTPS, or HTTP on this machine. */
export const secureUrl = z
  .string('is missing')
  .refine((text) => URL.canParse(text), 'is no URL')
  .transform((text) => new URL(text))
  .refine(
    (url) => url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url)),
    'must begin with https:// (http:// on localhost only)',
  );

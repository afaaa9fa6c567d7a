import { z } from 'zod';

const shortestBytes = 24;
const longestBytes = 64;

/** Signing secrets as Standard Webhooks write them: `whsec_` and base64 of 24 to 64 bytes; several while one is replaced. */
export const signingSecrets = z
  .string('is missing')
  .transform((text) => text.trim().split(/\s+/))
  .refine((texts) => texts.every((text) => /^whsec_[A-Za-z0-9+/]+={0,2}$/.test(text)), 'must be whsec_ and base64')
  .transform((texts) => texts.map((text) => Buffer.from(text.slice('whsec_'.length), 'base64')))
  .refine(
    (secrets) => secrets.every(({ length }) => length >= shortestBytes && length <= longestBytes),
    `must hold ${shortestBytes} to ${longestBytes} bytes`,
  );

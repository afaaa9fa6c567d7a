import { roles } from '@moola/platform/auth/role';
import { z } from 'zod';
import type { ViewOf } from '../read-model/view.js';

/* What the API takes and answers of tokens and of who asks. */

const timeMs = z.number().describe('Milliseconds since the epoch.');
const environments = z.array(z.string().min(1).max(63)).min(1).max(50);

export const newTokenBody = z.strictObject({
  name: z
    .string()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}$/,
      'must be 1 to 64 letters, digits and . _ @ + -, the first a letter or digit',
    )
    .refine((name) => name !== 'MOOLA_TOKEN', 'is what the bearer of MOOLA_TOKEN is called')
    .describe('Of the person or program that holds it: the actor of its commands. It may have several tokens.'),
  role: z.enum(roles),
  environments: environments.nullable().default(null).describe('That it is good for; null: all.'),
  expiresAtMs: timeMs.nullable().describe('null: never.'),
});

export const tokenView = z.strictObject({
  id: z.string(),
  prefix: z.string().describe('The beginning of its text, by which people recognise it.'),
  name: z.string(),
  role: z.enum(roles),
  environments: z.array(z.string()).nullable().describe('That it is good for; null: all.'),
  state: z.enum(['in force', 'expired', 'revoked']),
  createdAtMs: timeMs,
  createdBy: z.string(),
  expiresAtMs: timeMs.nullable().describe('null: never.'),
  revokedAtMs: timeMs.nullable(),
  revokedBy: z.string().describe('Empty unless it was revoked.'),
});
export type TokenView = ViewOf<typeof tokenView>;

export const createdTokenView = tokenView.extend({
  token: z.string().describe('Its text. It is said this once, and kept nowhere.'),
});
export type CreatedTokenView = ViewOf<typeof createdTokenView>;

export const meView = z.strictObject({
  authenticated: z.boolean().describe('false: no authentication is configured, and everybody may do everything.'),
  name: z.string().describe('The actor of commands; empty where nobody is authenticated.'),
  role: z.enum(roles),
  may: z.array(z.enum(roles)).describe('The role, and those that it includes.'),
  environments: z.array(z.string()).nullable().describe('That the token is good for; null: all.'),
  expiresAtMs: timeMs.nullable().describe('null: never.'),
});
/** Who asks, and what they may do. */
export type MeView = ViewOf<typeof meView>;

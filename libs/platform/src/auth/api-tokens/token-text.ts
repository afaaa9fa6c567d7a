import { randomBytes } from 'node:crypto';

const idBytes = 6;
const secretBytes = 32;
const form = /^moola_([0-9a-f]{12})_[A-Za-z0-9_-]{43}$/;

/** A new token: `moola_<id>_<secret>`. The id is public; the secret has 256 random bits. */
export function newTokenText(): { readonly id: string; readonly text: string } {
  const id = randomBytes(idBytes).toString('hex');
  return { id, text: `${tokenPrefix(id)}_${randomBytes(secretBytes).toString('base64url')}` };
}

/** The beginning by which people recognise a token: as much of it as may be shown. */
export const tokenPrefix = (id: string): string => `moola_${id}`;

/** The id in a token's text; `null` when it has not the form of one. */
export const idIn = (text: string): string | null => form.exec(text)?.[1] ?? null;

import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';

const nonceBytes = 12;
const tagBytes = 16;
const algorithm = 'aes-256-gcm';

/** How much longer sealing makes what it seals. */
export const sealBytes = nonceBytes + tagBytes;

/** 32 bytes that only this installation holds. */
export type InstallationKey = Buffer;

/**
 * Seals bytes with AES-256-GCM: nonce, ciphertext, tag. The nonce is a keyed hash of what is sealed (as in SIV modes):
 * the same content gives the same bytes, so that a processor that computes a letter again writes the same one, and
 * different contents never share a nonce but by collision.
 * @param id of the letter: it is authenticated with the content, so that letters cannot change places.
 */
export function seal(key: InstallationKey, id: string, bytes: Uint8Array): Buffer {
  const nonce = createHmac('sha256', key)
    .update('nonce\0')
    .update(id)
    .update('\0')
    .update(bytes)
    .digest()
    .subarray(0, nonceBytes);
  const cipher = createCipheriv(algorithm, key, nonce).setAAD(Buffer.from(id));
  return Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
}

export type Unsealed = { readonly ok: true; readonly bytes: Buffer } | { readonly ok: false; readonly problem: string };

export function unseal(key: InstallationKey, id: string, sealed: Uint8Array): Unsealed {
  if (sealed.length < sealBytes) {
    return {
      ok: false,
      problem: `letter ${id} is cut off: ${sealed.length} sealed bytes, at least ${sealBytes} are needed`,
    };
  }
  const decipher = createDecipheriv(algorithm, key, sealed.subarray(0, nonceBytes)).setAAD(Buffer.from(id));
  decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes));
  try {
    const bytes = Buffer.concat([
      decipher.update(sealed.subarray(nonceBytes, sealed.length - tagBytes)),
      decipher.final(),
    ]);
    return { ok: true, bytes };
  } catch {
    return { ok: false, problem: `letter ${id} was sealed with another installation's key, or was changed since` };
  }
}

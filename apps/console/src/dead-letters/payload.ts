import type { PayloadView } from './views.js';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
// Control characters that no text of ours holds: they would also reach somebody's terminal.
const control = /(?![\t\n\r])\p{Cc}/u;

/** The payload as text where it is text, else in base 64: either way not a byte of it is lost. */
export function payloadView(payload: Uint8Array): PayloadView {
  try {
    const text = utf8.decode(payload);
    if (!control.test(text)) return { text };
  } catch {
    // No UTF-8.
  }
  return { base64: Buffer.from(payload).toString('base64') };
}

const encoder = new TextEncoder();
const encoded = new Map<string, Uint8Array>();

/** UTF-8 of a metric, a version or a model: they come again and again. */
export function utf8(text: string): Uint8Array {
  let bytes = encoded.get(text);
  if (bytes === undefined) {
    if (encoded.size > 10_000) encoded.clear();
    encoded.set(text, (bytes = encoder.encode(text)));
  }
  return bytes;
}

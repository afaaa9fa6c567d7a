import type { ForeignRecord } from '@moola/contracts/foreign-record';

/** What a record of `telemetry` holds. `protobuf`: an event or a batch, which is not said. */
export type RecordForm = 'event' | 'batch' | 'protobuf' | 'json' | 'ndjson';

export type ReadForm =
  { readonly ok: true; readonly form: RecordForm } | { readonly ok: false; readonly detail: string };

const protobufTypes = ['application/x-protobuf', 'application/protobuf', 'application/vnd.google.protobuf'];
const jsonTypes = ['application/json'];
const ndjsonTypes = ['application/x-ndjson', 'application/ndjson', 'application/jsonl'];
const messageForms: Readonly<Record<string, RecordForm>> = {
  'moola.v1.Event': 'event',
  'moola.v1.EventBatch': 'batch',
};
/** Parameters that name the message, as different writers call it. */
const messageParameters = ['messagetype', 'message', 'proto'];

const openingBrace = 0x7b;
const openingBracket = 0x5b;

const known = new Map<string, ReadForm>();
const mostKnown = 100;

/** By the header `content-type`; where there is none, by the first byte: no protobuf event begins with `{` or `[`. */
export function formOf({ headers, value }: ForeignRecord): ReadForm {
  const framing = framingOf(value);
  if (framing !== null) return { ok: false, detail: framing };
  const contentType = headerOf(headers);
  if (contentType === undefined) {
    const first = value[hasMark(value) ? byteOrderMark.length : 0];
    return first === openingBrace || first === openingBracket ? { ok: true, form: 'json' } : unsaid;
  }
  let read = known.get(contentType);
  if (read === undefined) {
    read = parse(contentType);
    if (known.size < mostKnown) known.set(contentType, read);
  }
  return read;
}

/** Of UTF-8: some writers of text begin with it. The readers of JSON pass over it. */
const byteOrderMark = [0xef, 0xbb, 0xbf] as const;

function hasMark(value: Uint8Array): boolean {
  return byteOrderMark.every((byte, at) => value[at] === byte);
}

/** Before a message, serialisers of a schema registry write a byte 0 and the number of its schema, four bytes, the highest first. */
const framingBytes = 5;

/** What stands before the message that is no part of it, and how to leave it out; `null`: nothing. No event begins so. */
function framingOf(value: Uint8Array): string | null {
  if (value[0] === 0 && value.length >= framingBytes) {
    const schema = new DataView(value.buffer, value.byteOffset).getUint32(1);
    return (
      `begins with the framing of a schema registry (a byte 0, then schema ${schema}): ` +
      `configure the producer with a plain serialiser of bytes or text in place of the registry's`
    );
  }
  const [first, second] = value;
  if ((first === 0xfe && second === 0xff) || (first === 0xff && second === 0xfe)) {
    return 'is text in UTF-16 (its byte order mark says so): write JSON in UTF-8';
  }
  return null;
}

const unsaid: ReadForm = { ok: true, form: 'protobuf' };

function headerOf(headers: Readonly<Record<string, string>>): string | undefined {
  for (const name in headers)
    if (name === 'content-type' || name.toLowerCase() === 'content-type') return headers[name];
  return undefined;
}

function parse(contentType: string): ReadForm {
  const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim());
  const mediaType = type.toLowerCase();
  if (jsonTypes.includes(mediaType)) return { ok: true, form: 'json' };
  if (ndjsonTypes.includes(mediaType)) return { ok: true, form: 'ndjson' };
  if (!protobufTypes.includes(mediaType)) {
    const types = [jsonTypes[0], ndjsonTypes[0], protobufTypes[0]].join(', ');
    return { ok: false, detail: `has the content type "${contentType}", which is not taken: send ${types}` };
  }
  const message = parameters.map(messageOf).find((name) => name !== null) ?? null;
  if (message === null) return unsaid;
  const form = messageForms[message];
  if (form !== undefined) return { ok: true, form };
  const names = Object.keys(messageForms).join(' or ');
  return { ok: false, detail: `is said to hold the message "${message}": only ${names} is taken` };
}

function messageOf(parameter: string): string | null {
  const equals = parameter.indexOf('=');
  if (equals < 0 || !messageParameters.includes(parameter.slice(0, equals).trim().toLowerCase())) return null;
  return parameter
    .slice(equals + 1)
    .trim()
    .replace(/^"(.*)"$/, '$1');
}

import type { Offer, Original } from '../receive/door.js';
import { readJson, readNdjson } from './read-json.js';
import { readProtobuf } from './read-protobuf.js';

/** The events of a body, or why the body as a whole cannot be read: what and where. */
export type ReadBody =
  { readonly ok: true; readonly offers: readonly Offer[] } | { readonly ok: false; readonly detail: string };

interface BodyFormat {
  readonly mediaTypes: readonly string[];
  readonly encoding: Original['encoding'];
  readonly read: (bytes: Buffer) => ReadBody;
}

/** Every format of `POST /v1/events`. */
export const bodyFormats: readonly BodyFormat[] = [
  { mediaTypes: ['application/json'], encoding: 'json', read: readJson },
  {
    mediaTypes: ['application/x-ndjson', 'application/ndjson', 'application/jsonl'],
    encoding: 'json',
    read: readNdjson,
  },
  { mediaTypes: ['application/x-protobuf', 'application/protobuf'], encoding: 'protobuf', read: readProtobuf },
];

/** @param contentType the header, parameters included. */
export function formatOf(contentType: string): BodyFormat | undefined {
  const mediaType = (contentType.split(';')[0] as string).trim().toLowerCase();
  return bodyFormats.find((format) => format.mediaTypes.includes(mediaType));
}

import type { Original, ReadSubmittedEvents } from '../receive/domain/submitted-event.js';
import { readJson, readNdjson } from '../receive/domain/read-json.js';
import { readProtobuf } from '../receive/domain/read-protobuf.js';

interface BodyFormat {
  readonly mediaTypes: readonly string[];
  readonly encoding: Original['encoding'];
  readonly read: (bytes: Buffer) => ReadSubmittedEvents;
}

/** Every format of `POST /v1/events`. */
export const bodyFormats: readonly BodyFormat[] = [
  { mediaTypes: ['application/json'], encoding: 'json', read: (bytes) => readJson(bytes, 'refused') },
  {
    mediaTypes: ['application/x-ndjson', 'application/ndjson', 'application/jsonl'],
    encoding: 'json',
    read: readNdjson,
  },
  {
    mediaTypes: ['application/x-protobuf', 'application/protobuf'],
    encoding: 'protobuf',
    read: (bytes) => readProtobuf(bytes, 'refused'),
  },
];

/** @param contentType the header, parameters included. */
export function formatOf(contentType: string): BodyFormat | undefined {
  const mediaType = (contentType.split(';')[0] as string).trim().toLowerCase();
  return bodyFormats.find((format) => format.mediaTypes.includes(mediaType));
}

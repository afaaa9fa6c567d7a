import { createHash } from 'node:crypto';
import { toBinary } from '@bufbuild/protobuf';
import { EventSchema, type Event } from '@moola/contracts/gen/moola/v1/telemetry_pb';

/**
 * The id of an event that came without one: a hash of its content, its time included, so that a repetition is told from
 * another event. The first 128 bits of SHA-256 over its protobuf bytes.
 */
export function contentId(event: Event): string {
  return `sha256-${createHash('sha256').update(toBinary(EventSchema, event)).digest('hex').slice(0, 32)}`;
}

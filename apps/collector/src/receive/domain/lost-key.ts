import { fromBinary, type DescMessage } from '@bufbuild/protobuf';
import { EventSchema, type Event } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { invalid, type Check } from './checks.js';
import { isObject } from './json-object.js';
import type { Refused } from './refused.js';

/**
 * The one key that the maps of a decoded event would lose without a word: on a JavaScript object it is the prototype. An
 * event that has it is refused.
 */
const lostKey = '__proto__';
/** Of the same length, in bytes too, and no key that is allowed. */
const standIn = '__pr\u0001to__';

/** Looks for the key in an event as `JSON.parse` gives it, which keeps it. */
export function lostKeyInJson(event: unknown): Refused | null {
  return isObject(event) ? keyIn(EventSchema, event, '', lostKey) : null;
}

/** Looks for the key in the bytes of an event that can be decoded. */
export function lostKeyInProtobuf(bytes: Buffer): Refused | null {
  if (!bytes.includes(lostKey)) return null;
  const copy = Buffer.from(bytes);
  for (let at = copy.indexOf(lostKey); at >= 0; at = copy.indexOf(lostKey, at)) copy.write(standIn, at, 'latin1');
  const { kind }: Event = fromBinary(EventSchema, copy);
  return kind.case === undefined ? null : keyIn(EventSchema, { [kind.case]: kind.value }, '', standIn);
}

/** @param at path of the value with a dot behind it, or empty */
function keyIn({ fields }: DescMessage, value: Readonly<Record<string, unknown>>, at: string, key: string): Check {
  for (const field of fields) {
    const held = value[field.localName];
    if (!isObject(held)) continue;
    const path = at + field.localName;
    if (field.fieldKind === 'map' && Object.hasOwn(held, key))
      return invalid(path, `has the key "${lostKey}", which is not allowed`);
    if (field.fieldKind !== 'message') continue;
    const found = keyIn(field.message, held, `${path}.`, key);
    if (found !== null) return found;
  }
  return null;
}

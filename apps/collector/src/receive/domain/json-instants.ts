import type { DescMessage, JsonObject, JsonValue } from '@bufbuild/protobuf';
import { TimestampSchema } from '@bufbuild/protobuf/wkt';
import { instantAdvice } from '@moola/contracts/instants/instant-advice';
import { instantText, readInstant, type LocalTime } from '@moola/contracts/instants/read-instant';
import { isObject } from './json-object.js';
import type { Refused } from './refused.js';

export type JsonInstants =
  { readonly ok: true; readonly value: JsonObject } | { readonly ok: false; readonly refused: Refused };

/**
 * Reads the times of an event, which the generated reader would take on trust: to it, 30 February is 2 March.
 * @param clocks whose clocks times without a zone mean; `null`: such times are refused
 * @param at path of the value, with a dot behind it, or empty
 * @returns the same event with its times as the proto3 mapping writes them
 */
export function readJsonInstants(
  value: JsonObject,
  schema: DescMessage,
  clocks: LocalTime | null,
  at = '',
): JsonInstants {
  const changed: Record<string, JsonValue> = {};
  for (const field of schema.fields) {
    if (field.fieldKind !== 'message') continue;
    for (const key of new Set([field.jsonName, field.name])) {
      const inner = Object.hasOwn(value, key) ? value[key] : undefined;
      if (field.message.typeName === TimestampSchema.typeName) {
        if (typeof inner !== 'string') continue;
        const reading = readInstant(inner, clocks);
        if (!reading.ok) {
          const refused = { reason: 'invalid-field', field: at + field.jsonName, detail: instantAdvice[reading.fault] };
          return { ok: false, refused: refused as Refused };
        }
        changed[key] = instantText(reading.instant);
      } else if (isObject(inner)) {
        const nested = readJsonInstants(inner, field.message, clocks, `${at}${field.jsonName}.`);
        if (!nested.ok) return nested;
        changed[key] = nested.value;
      }
    }
  }
  return { ok: true, value: { ...value, ...changed } };
}

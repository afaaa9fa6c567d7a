import { ScalarType, type DescField, type DescMessage, type JsonObject, type JsonValue } from '@bufbuild/protobuf';
import { TimestampSchema } from '@bufbuild/protobuf/wkt';
import { nearest } from '@moola/contracts/definitions/nearest';
import { instantAdvice } from '@moola/contracts/instants/instant-advice';
import { instantText, readInstant, type LocalTime } from '@moola/contracts/instants/read-instant';
import { invalid, notPrintable } from './checks.js';
import { kindOf } from './json-kind.js';
import { isObject } from './json-object.js';
import type { UnknownFields } from './submitted-event.js';
import type { Refused } from './refused.js';
import { wellFormed } from './one-line.js';
import { roleOfText, roleWords } from './role-words.js';

export type JsonFields =
  | {
      readonly ok: true;
      /** The event as the proto3 mapping writes it. */
      readonly value: JsonObject;
      /** Fields that this version does not know, left out. */
      readonly unknownFields: number;
    }
  | { readonly ok: false; readonly refused: Refused };

type Field = { readonly ok: true; readonly value: JsonValue } | { readonly ok: false; readonly refused: Refused };

/** A whole number is taken for its text in these: classes, versions and ids are often written as numbers. */
const numbersAsText = new Set(['class', 'truth', 'version', 'build', 'input', 'unit', 'segments']);

const time = '2026-01-31T12:00:00Z';
const halfCharacter = /\p{Cs}/u;
const digits = /^\d+$/;

/**
 * Reads an event in JSON field by field, before the generated reader does: that one speaks of enums and of protobuf, shows
 * values, and takes 30 February for 2 March. What it says here names the field, what kind of value it has and what is
 * allowed; never a value, which may be a person's. However deep a value is nested, no more than its kind is looked at.
 */
export class JsonReader {
  private unknownFields = 0;
  private refused: Refused | null = null;

  /** @param clocks whose clocks times without a zone mean; `null`: such times are refused */
  constructor(
    private readonly unknown: UnknownFields,
    private readonly clocks: LocalTime | null,
  ) {}

  read(event: JsonObject, schema: DescMessage): JsonFields {
    this.unknownFields = 0;
    this.refused = null;
    const value = this.message(event, schema, '');
    const { refused, unknownFields } = this;
    return refused === null ? { ok: true, value, unknownFields } : { ok: false, refused };
  }

  /** @param at path of the value with a dot behind it, or empty */
  private message(value: JsonObject, schema: DescMessage, at: string): JsonObject {
    const known: JsonObject = {};
    const groups = new Map<string, string>();
    for (const key of Object.keys(value)) {
      if (this.refused !== null) return known;
      const inner = value[key];
      const field = schema.fields.find(({ jsonName, name }) => jsonName === key || name === key);
      if (field === undefined) {
        this.unknownField(schema, at, key);
        continue;
      }
      // The proto3 mapping's way of leaving a field out.
      if (inner === null || inner === undefined) continue;
      const path = at + field.jsonName;
      if (Object.hasOwn(known, field.jsonName)) this.refuse(path, 'is there twice, under two spellings: leave one out');
      const group = field.oneof?.name;
      const other = group === undefined ? undefined : groups.get(group);
      if (other !== undefined) this.refuse('', `says two things, ${other} and ${path}: send an event of each`);
      if (group !== undefined) groups.set(group, path);
      known[field.jsonName] = this.field(inner, field, path);
    }
    return known;
  }

  private field(value: JsonValue, field: DescField, path: string): JsonValue {
    switch (field.fieldKind) {
      case 'message':
        if (field.message.typeName === TimestampSchema.typeName)
          return this.take(instant(value, this.clocks, path), value);
        if (isObject(value)) return this.message(value, field.message, `${path}.`);
        return this.refuse(path, `is ${kindOf(value)}: an object such as {"model": "churn", …} is expected`);
      case 'map':
        return this.map(value, field, path);
      case 'enum':
        return this.take(role(value, path), value);
      case 'scalar':
        return this.take(scalar(value, field.scalar, numbersAsText.has(field.name), path), value);
      case 'list':
        return value;
    }
  }

  private map(value: JsonValue, field: DescField & { readonly fieldKind: 'map' }, path: string): JsonValue {
    if (!isObject(value)) return this.refuse(path, `is ${kindOf(value)}: an object of names and values is expected`);
    const isText = field.scalar === ScalarType.STRING;
    const entries: JsonObject = {};
    for (const key of Object.keys(value)) {
      // It would not survive as a key of a JavaScript object.
      if (key === '__proto__') return this.refuse(path, 'has the key "__proto__", which is not allowed');
      const inner = value[key] as JsonValue;
      if (halfCharacter.test(key)) return this.refuse(path, notPrintable);
      const read = isText
        ? scalar(inner, ScalarType.STRING, true, path)
        : scalar(inner, ScalarType.DOUBLE, false, path);
      if (!read.ok) return this.refuse(`${path}.${key}`, read.refused.detail);
      entries[key] = read.value;
    }
    return entries;
  }

  private unknownField(schema: DescMessage, at: string, key: string): void {
    this.unknownFields++;
    if (this.unknown === 'ignored') return;
    const names = schema.fields.map(({ jsonName }) => jsonName);
    const kind = at === '' ? kindWithField(schema, key) : null;
    const meant = kind === null ? nearest(key.slice(0, 40), names) : null;
    const known = `known are ${names.join(', ')}${kind === null ? '' : `; put it inside "${kind}": {…}`}`;
    const advice = meant === null ? known : `did you mean "${meant}"?`;
    this.refuse(at + shortened(key), `is no field of ${at === '' ? 'an event' : at.slice(0, -1)}: ${advice}`);
  }

  private take(read: Field, otherwise: JsonValue): JsonValue {
    if (read.ok) return read.value;
    this.refused ??= read.refused;
    return otherwise;
  }

  private refuse(field: string, detail: string): JsonValue {
    this.refused ??= invalid(field, detail);
    return null;
  }
}

/** The first kind of event that has such a field: `prediction` for `model`. */
function kindWithField(event: DescMessage, key: string): string | null {
  const kind = event.fields.find(
    ({ oneof, message }) =>
      oneof !== undefined && message?.fields.some(({ jsonName, name }) => [jsonName, name].includes(key)),
  );
  return kind?.jsonName ?? null;
}

function instant(value: JsonValue, clocks: LocalTime | null, path: string): Field {
  if (typeof value !== 'string') return refused(path, `is ${kindOf(value)}: write a time such as "${time}"`);
  const reading = readInstant(value, clocks);
  if (!reading.ok) return refused(path, instantAdvice[reading.fault]);
  return { ok: true, value: instantText(reading.instant) };
}

function role(value: JsonValue, path: string): Field {
  if (typeof value === 'number' && Number.isInteger(value)) return { ok: true, value };
  const name = typeof value === 'string' ? roleOfText(value) : null;
  if (name !== null) return { ok: true, value: name };
  const found = typeof value === 'string' ? `"${shortened(value)}"` : kindOf(value);
  return refused(path, `is ${found}: known are ${roleWords.join(', ')}, such as "primary"`);
}

function scalar(value: JsonValue, type: ScalarType, numberAsText: boolean, path: string): Field {
  switch (type) {
    case ScalarType.STRING:
      if (typeof value === 'string') return text(value, path);
      if (numberAsText && typeof value === 'number' && Number.isSafeInteger(value)) {
        return { ok: true, value: String(value) };
      }
      return refused(path, `is ${kindOf(value)}: write it as text in quotes, such as "1"`);
    case ScalarType.DOUBLE:
      // What no double holds, such as 1e999, the mapping writes as a word: its limits refuse it.
      if (typeof value === 'number') return { ok: true, value: Number.isFinite(value) ? value : String(value) };
      if (isNumberText(value)) return { ok: true, value };
      return refused(path, `is ${kindOf(value)}: a number is expected, such as 0.93, without quotes`);
    case ScalarType.BOOL:
      if (typeof value === 'boolean') return { ok: true, value };
      return refused(path, `is ${kindOf(value)}: true or false is expected, without quotes`);
    default:
      return wholeNumber(value, type === ScalarType.UINT32 ? 0xffffffff : Number.MAX_SAFE_INTEGER, path);
  }
}

/** The generated reader takes no half of a surrogate pair. A message of a failure counts all the same. */
function text(value: string, path: string): Field {
  if (path.endsWith('.error')) return { ok: true, value: wellFormed(value) };
  return halfCharacter.test(value) ? refused(path, notPrintable) : { ok: true, value };
}

/** The proto3 mapping takes numbers in quotes, the two that are none among them. */
function isNumberText(value: JsonValue): boolean {
  if (typeof value !== 'string' || value === '' || value.trim() !== value) return false;
  return ['NaN', 'Infinity', '-Infinity'].includes(value) || Number.isFinite(Number(value));
}

function wholeNumber(value: JsonValue, most: number, path: string): Field {
  const number = typeof value === 'string' && digits.test(value) ? Number(value) : value;
  if (typeof number === 'number' && Number.isInteger(number) && number >= 0 && number <= most) {
    return { ok: true, value: number };
  }
  const found = typeof value === 'number' ? value : kindOf(value);
  return refused(path, `is ${found}: a whole number from 0 to ${most} is expected, without quotes`);
}

function refused(field: string, detail: string): Field {
  return { ok: false, refused: invalid(field, detail) };
}

/** Of words that somebody misspelt: a longer text is none. */
function shortened(word: string): string {
  return word.length <= 40 ? word : `${word.slice(0, 40)}…`;
}

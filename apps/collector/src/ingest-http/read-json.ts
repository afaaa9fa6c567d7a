import { isUtf8 } from 'node:buffer';
import { fromJson, type JsonValue } from '@bufbuild/protobuf';
import { EventSchema } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { Offer, Original } from '../receive/door.js';
import { elementSpans, findFault, lineAndColumn, memberStart } from './json-scanner.js';
import type { ReadBody } from './read-body.js';

const encoder = new TextEncoder();

/** One event, `{"events": […]}`, or an array of events. */
export function readJson(bytes: Buffer): ReadBody {
  if (!isUtf8(bytes)) return { ok: false, detail: 'is no UTF-8 text' };
  const text = bytes.toString('utf8').replace(/^\ufeff/, '');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { ok: false, detail: `is no JSON: ${faultOf(text, error)}` };
  }
  if (Array.isArray(value)) return { ok: true, offers: offersOf(value, text, () => 0) };
  if (isObject(value) && 'events' in value) {
    const { events, ...others } = value;
    const [other] = Object.keys(others);
    if (other !== undefined)
      return { ok: false, detail: `has the field "${other}" beside "events": expected {"events": […]}` };
    if (!Array.isArray(events))
      return { ok: false, detail: 'has "events", which is no array: expected {"events": […]}' };
    return { ok: true, offers: offersOf(events, text, () => memberStart(text, 0, 'events') ?? 0) };
  }
  return { ok: true, offers: [offerOf(value, { encoding: 'json', bytes: () => encoder.encode(text) }, '')] };
}

/** An event a line; empty lines do not count. A line that cannot be read is refused by itself. */
export function readNdjson(bytes: Buffer): ReadBody {
  const offers: Offer[] = [];
  let line = 0;
  for (let start = 0; start < bytes.length;) {
    line++;
    const newline = bytes.indexOf(0x0a, start);
    const end = newline < 0 ? bytes.length : newline;
    const slice = bytes.subarray(start, end);
    start = end + 1;
    const offer = lineOffer(slice, line);
    if (offer) offers.push(offer);
  }
  return { ok: true, offers };
}

function lineOffer(slice: Buffer, line: number): Offer | null {
  const original: Original = { encoding: 'json', bytes: () => slice };
  if (!isUtf8(slice)) return unreadable(original, `line ${line} is no UTF-8 text`);
  const text = slice.toString('utf8').replace(/^\ufeff/, '');
  if (text.trim() === '') return null;
  try {
    return offerOf(JSON.parse(text), original, `line ${line}: `);
  } catch (error) {
    return unreadable(original, `line ${line} is no JSON: ${faultOf(text, error)}`);
  }
}

/** @param start of the array in the text; asked for only when something is refused. */
function offersOf(values: readonly unknown[], text: string, start: () => number): Offer[] {
  let spans: ReturnType<typeof elementSpans> | null = null;
  return values.map((value, index) => {
    const bytes = (): Uint8Array => {
      spans ??= elementSpans(text, start());
      const span = spans[index];
      return encoder.encode(span ? text.slice(span.start, span.end) : JSON.stringify(value));
    };
    return offerOf(value, { encoding: 'json', bytes }, '');
  });
}

/** @param where of the value, such as `line 3: `. */
function offerOf(value: unknown, original: Original, where: string): Offer {
  if (!isObject(value))
    return unreadable(original, `${where}is no object: expected an event such as {"prediction": {…}}`);
  try {
    return { kind: 'event', event: fromJson(EventSchema, value as JsonValue), original };
  } catch (error) {
    return unreadable(original, `${where}is no event: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function unreadable(original: Original, detail: string): Offer {
  return { kind: 'unreadable', refused: { reason: 'malformed', field: '', detail }, original };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `JSON.parse` does not always say where; the scanner does. */
function faultOf(text: string, error: unknown): string {
  const fault = findFault(text);
  if (!fault) return String(error);
  const { line, column } = lineAndColumn(text, fault.at);
  const found = fault.at === text.length ? 'the end' : JSON.stringify([...text.slice(fault.at, fault.at + 2)][0]);
  return `${line === 1 ? '' : `line ${line}, `}column ${column}: found ${found}, expected ${fault.expected}`;
}

import { elementSpans, findFault, lineAndColumn, memberStart } from './json-scanner.js';
import { isObject } from './json-object.js';
import { mostEvents } from './limits.js';
import {
  malformed,
  tooManyEvents,
  type SubmittedEvent,
  type Original,
  type ReadSubmittedEvents,
  type UnknownFields,
} from './submitted-event.js';

const encoder = new TextEncoder();

/** One event, `{"events": […]}`, or an array of events. */
export function readJson(bytes: Buffer, unknown: UnknownFields): ReadSubmittedEvents {
  if (holdsTooManyBraces(bytes)) return tooManyEvents;
  const text = textOf(bytes);
  if (text === null) return { ok: false, detail: 'is no UTF-8 text' };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { ok: false, detail: `is no JSON: ${faultOf(text, error)}` };
  }
  if (Array.isArray(value)) {
    if (value.length > mostEvents) return tooManyEvents;
    return { ok: true, submittedEvents: submittedEventsOf(value, text, () => 0), unknownFields: 0 };
  }
  if (isObject(value) && 'events' in value) {
    const { events, ...others } = value;
    const beside = Object.keys(others);
    const [other] = beside;
    if (other !== undefined && unknown === 'refused')
      return { ok: false, detail: `has the field "${other}" beside "events": expected {"events": […]}` };
    if (!Array.isArray(events))
      return { ok: false, detail: 'has "events", which is no array: expected {"events": […]}' };
    if (events.length > mostEvents) return tooManyEvents;
    const submittedEvents = submittedEventsOf(events, text, () => memberStart(text, 0, 'events') ?? 0);
    return { ok: true, submittedEvents, unknownFields: beside.length };
  }
  const submitted = submittedEventOf(value, { encoding: 'json', bytes: () => bytes }, '');
  return { ok: true, submittedEvents: [submitted], unknownFields: 0 };
}

/** An event a line; empty lines do not count. A line that cannot be read is refused by itself. */
export function readNdjson(bytes: Buffer): ReadSubmittedEvents {
  const submittedEvents: SubmittedEvent[] = [];
  let line = 0;
  for (let start = 0; start < bytes.length;) {
    line++;
    const newline = bytes.indexOf(0x0a, start);
    const end = newline < 0 ? bytes.length : newline;
    const slice = bytes.subarray(start, end);
    start = end + 1;
    const submitted = submittedLine(slice, line);
    if (submitted) submittedEvents.push(submitted);
    if (submittedEvents.length > mostEvents) return tooManyEvents;
  }
  return { ok: true, submittedEvents, unknownFields: 0 };
}

/** An event has at most so many objects: itself, an outcome, its prediction, segments, features; and the body one. */
const mostBraces = 6 * mostEvents;
const brace = 0x7b;

/** Told from the bytes: millions of empty objects would take seconds to read. A brace within a text counts as well. */
function holdsTooManyBraces(bytes: Buffer): boolean {
  let braces = 0;
  for (let at = bytes.indexOf(brace); at >= 0; at = bytes.indexOf(brace, at + 1))
    if (++braces > mostBraces) return true;
  return false;
}

function submittedLine(slice: Buffer, line: number): SubmittedEvent | null {
  const original: Original = { encoding: 'json', bytes: () => slice };
  const text = textOf(slice);
  if (text === null) return unreadable(original, `line ${line} is no UTF-8 text`);
  if (text.trim() === '') return null;
  try {
    return submittedEventOf(JSON.parse(text), original, `line ${line}: `);
  } catch (error) {
    return unreadable(original, `line ${line} is no JSON: ${faultOf(text, error)}`);
  }
}

const byteOrderMark = 0xfeff;
/** Stands in the place of bytes that are no UTF-8; a sender may also mean it. */
const replacement = '\ufffd';
const strict = new TextDecoder('utf-8', { fatal: true });

/** UTF-8 as text, without a byte order mark; `null` when it is none. */
function textOf(bytes: Buffer): string | null {
  const text = bytes.toString('utf8');
  if (text.includes(replacement) && !isUtf8(bytes)) return null;
  return text.charCodeAt(0) === byteOrderMark ? text.slice(1) : text;
}

function isUtf8(bytes: Buffer): boolean {
  try {
    strict.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** @param start of the array in the text; asked for only when something is refused. */
function submittedEventsOf(values: readonly unknown[], text: string, start: () => number): SubmittedEvent[] {
  let spans: ReturnType<typeof elementSpans> | null = null;
  return values.map((value, index) => {
    const bytes = (): Uint8Array => {
      spans ??= elementSpans(text, start());
      const span = spans[index];
      return encoder.encode(span ? text.slice(span.start, span.end) : JSON.stringify(value));
    };
    return submittedEventOf(value, { encoding: 'json', bytes }, '');
  });
}

function submittedEventOf(value: unknown, original: Original, where: string): SubmittedEvent {
  return { kind: 'json', value, where, original };
}

function unreadable(original: Original, detail: string): SubmittedEvent {
  return { kind: 'unreadable', refused: malformed(detail), original };
}

/** `JSON.parse` does not always say where; the scanner does. */
function faultOf(text: string, error: unknown): string {
  const fault = findFault(text);
  if (!fault) return String(error);
  const { line, column } = lineAndColumn(text, fault.at);
  const found = fault.at === text.length ? 'the end' : JSON.stringify([...text.slice(fault.at, fault.at + 2)][0]);
  return `${line === 1 ? '' : `line ${line}, `}column ${column}: found ${found}, expected ${fault.expected}`;
}

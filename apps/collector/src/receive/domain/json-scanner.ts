/** Where a JSON value ends, or where it stops being one. */
export type Scan =
  { readonly ok: true; readonly end: number } | { readonly ok: false; readonly at: number; readonly expected: string };

const space = /[ \t\n\r]*/y;
const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const scalar = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null/y;

/** Finds the end of the JSON value (RFC 8259) at `start`, white space before it included; however deep it is nested. */
export function scanValue(text: string, start: number): Scan {
  const closers: string[] = [];
  for (let at = match(space, text, start); ;) {
    const value = beginValue(text, at, closers);
    if (!value.ok) return value;
    at = value.end;
    if (value.holdsMore) continue;
    const after = endValues(text, at, closers);
    if (!after.ok || closers.length === 0) return after;
    at = after.end;
  }
}

/** Passes a scalar or an empty value, or goes into one: then what it holds begins where this ends. */
function beginValue(text: string, at: number, closers: string[]): Scan & { readonly holdsMore?: boolean } {
  const first = text[at];
  if (first !== '{' && first !== '[') {
    const end = match(first === '"' ? string : scalar, text, at);
    if (end > at) return { ok: true, end };
    return { ok: false, at, expected: first === '"' ? 'a string that ends, without control characters' : 'a value' };
  }
  const closer = first === '{' ? '}' : ']';
  const inner = match(space, text, at + 1);
  if (text[inner] === closer) return { ok: true, end: inner + 1 };
  closers.push(closer);
  const begun = beginElement(text, inner, closer);
  return begun.ok ? { ...begun, holdsMore: true } : begun;
}

/** A value has ended: so do those that it was the last of. Ends where the next one begins. */
function endValues(text: string, end: number, closers: string[]): Scan {
  for (let at = end; ;) {
    const closer = closers.at(-1);
    if (closer === undefined) return { ok: true, end: at };
    at = match(space, text, at);
    if (text[at] === ',') return beginElement(text, match(space, text, at + 1), closer);
    if (text[at] !== closer) return { ok: false, at, expected: `"," or "${closer}"` };
    closers.pop();
    at++;
  }
}

/** Passes the name of a member; an element of an array has none. */
function beginElement(text: string, at: number, closer: string): Scan {
  if (closer === ']') return { ok: true, end: at };
  const keyEnd = match(string, text, at);
  if (keyEnd === at) return { ok: false, at, expected: 'a field name in double quotes' };
  const colon = match(space, text, keyEnd);
  if (text[colon] !== ':') return { ok: false, at: colon, expected: '":"' };
  return { ok: true, end: match(space, text, colon + 1) };
}

/** Where the JSON text stops being one value and nothing more; `null` when it is. */
export function findFault(text: string): { readonly at: number; readonly expected: string } | null {
  const scan = scanValue(text, 0);
  if (!scan.ok) return scan;
  const at = match(space, text, scan.end);
  return at === text.length ? null : { at, expected: 'nothing more' };
}

/** The spans of the elements of the array at `start` of well-formed JSON. */
export function elementSpans(text: string, start: number): { readonly start: number; readonly end: number }[] {
  const spans: { start: number; end: number }[] = [];
  let at = match(space, text, match(space, text, start) + 1);
  while (at < text.length && text[at] !== ']') {
    const scan = scanValue(text, at);
    if (!scan.ok) return spans;
    spans.push({ start: at, end: scan.end });
    at = match(space, text, scan.end);
    if (text[at] === ',') at = match(space, text, at + 1);
  }
  return spans;
}

/** Where the value of a member of the object at `start` begins, in well-formed JSON; the last one of that name. */
export function memberStart(text: string, start: number, name: string): number | null {
  let found: number | null = null;
  let at = match(space, text, match(space, text, start) + 1);
  while (text[at] === '"') {
    const keyEnd = match(string, text, at);
    const valueStart = match(space, text, keyEnd) + 1;
    if (JSON.parse(text.slice(at, keyEnd)) === name) found = valueStart;
    const scan = scanValue(text, valueStart);
    if (!scan.ok) return found;
    at = match(space, text, scan.end);
    if (text[at] === ',') at = match(space, text, at + 1);
  }
  return found;
}

/** Line and column, from 1, of an offset. */
export function lineAndColumn(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: offset - lineStart + 1 };
}

/** Where the pattern's match at a position ends; the position itself where there is none. */
function match(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

/** Where a JSON value ends, or where it stops being one. */
export type Scan =
  { readonly ok: true; readonly end: number } | { readonly ok: false; readonly at: number; readonly expected: string };

/** Deeper nesting than any event has; the scanner recurses. */
const mostDepth = 64;

const space = /[ \t\n\r]*/y;
const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const scalar = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null/y;

/** Finds the end of the JSON value (RFC 8259) at `start`, white space before it included. */
export function scanValue(text: string, start: number, depth = 0): Scan {
  const at = match(space, text, start);
  if (depth > mostDepth) return { ok: false, at, expected: `at most ${mostDepth} levels of nesting` };
  switch (text[at]) {
    case '{':
      return scanMembers(text, at + 1, '}', (position) => scanMember(text, position, depth));
    case '[':
      return scanMembers(text, at + 1, ']', (position) => scanValue(text, position, depth + 1));
    case '"': {
      const end = match(string, text, at);
      return end > at
        ? { ok: true, end }
        : { ok: false, at, expected: 'a string that ends, without control characters' };
    }
    default: {
      const end = match(scalar, text, at);
      return end > at ? { ok: true, end } : { ok: false, at, expected: 'a value' };
    }
  }
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

function scanMember(text: string, start: number, depth: number): Scan {
  const at = match(space, text, start);
  const keyEnd = match(string, text, at);
  if (keyEnd === at) return { ok: false, at, expected: 'a field name in double quotes' };
  const colon = match(space, text, keyEnd);
  if (text[colon] !== ':') return { ok: false, at: colon, expected: '":"' };
  return scanValue(text, colon + 1, depth + 1);
}

function scanMembers(text: string, start: number, close: string, scanOne: (position: number) => Scan): Scan {
  let at = match(space, text, start);
  if (text[at] === close) return { ok: true, end: at + 1 };
  for (;;) {
    const scan = scanOne(at);
    if (!scan.ok) return scan;
    at = match(space, text, scan.end);
    if (text[at] === close) return { ok: true, end: at + 1 };
    if (text[at] !== ',') return { ok: false, at, expected: `"," or "${close}"` };
    at++;
  }
}

/** Where the pattern's match at a position ends; the position itself where there is none. */
function match(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

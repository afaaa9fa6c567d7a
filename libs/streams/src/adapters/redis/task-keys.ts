import type { TaskId } from '../../ports/checkpoint-store.js';

/** Keys of one task. What stands in braces decides the hash slot, so that a script may touch them all. */
export interface TaskKeys {
  /** Hash: format, token, sequence, position, count, and what is known of the overlay. */
  readonly head: string;
  /** Hash: the entries of the state. */
  readonly entries: string;
  /** Hash: changes of a large checkpoint that are being written, or that are not yet in `entries`. */
  readonly overlay: string;
  /** As scripts take them: KEYS[1], KEYS[2], KEYS[3]. */
  readonly all: readonly [head: string, entries: string, overlay: string];
}

export function taskKeys(prefix: string, task: TaskId): TaskKeys {
  const tagged = `${prefix}{${escaped(task)}}`;
  const [head, entries, overlay] = [`${tagged}:head`, `${tagged}:entries`, `${tagged}:overlay`];
  return { head, entries, overlay, all: [head, entries, overlay] };
}

/** A pattern for SCAN: the heads of all tasks whose id begins so. */
export function headPattern(prefix: string, idPrefix: string): string {
  return `${globEscaped(`${prefix}{${escaped(idPrefix)}`)}*}:head`;
}

/** The task of a head's key; `null` when the key is none. */
export function taskOfHead(prefix: string, key: string): TaskId | null {
  const start = `${prefix}{`;
  const end = '}:head';
  if (!key.startsWith(start) || !key.endsWith(end) || key.length < start.length + end.length) return null;
  return key
    .slice(start.length, -end.length)
    .replace(/%7B|%7D|%25/g, (code) => String.fromCharCode(parseInt(code.slice(1), 16)));
}

/** A brace within an id would end the tag early. */
function escaped(id: string): string {
  return id.replace(/[{}%]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

function globEscaped(text: string): string {
  return text.replace(/[*?[\]\\^]/g, '\\$&');
}

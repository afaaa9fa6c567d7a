import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EntryFormatError } from '@moola/contracts/entry-format';
import type { Processor } from '@moola/streams/processor/processor';
import { runProcessor, type EmittedRow, type TestRow } from './run-processor.js';

/** A state as some version of a processor wrote it, kept in the repository for as long as installations may hold one. */
interface KeptState {
  /** Why this version computes it again from the topics instead of reading it. */
  readonly rebuilt?: string;
  /** Bytes by key, base64. */
  readonly entries: Readonly<Record<string, string>>;
}

export interface StateFormatOptions<In> {
  readonly processor: Processor<In>;
  /** A story that has something of every kind in the state at some place amid. There a state is kept; the rest goes on from it. */
  readonly rows: readonly TestRow<In>[];
  /** Where the kept states lie: `new URL('./state-formats', import.meta.url)`. */
  readonly folder: URL;
}

/**
 * Holds a processor to the states that its earlier versions have written: each is read, and gone on from. A state whose format is
 * not among the kept ones is an error: `STATE_FORMATS=write` keeps it, under the next number. Docs: exactness.md,
 * "When a format changes".
 */
export function describeStateFormats<In>({ processor, rows, folder }: StateFormatOptions<In>): void {
  const path = fileURLToPath(folder);
  const { present, after } = fullestState(processor, rows);
  if (process.env['STATE_FORMATS'] === 'write') keep(path, present);
  const kept = readKept(path);

  describe(`states of ${processor.name} that earlier versions wrote`, () => {
    it('hold one of the present format of every kind of entry', () => {
      const known = formatsOf(entriesOf(kept.at(-1)?.[1] ?? { entries: {} }));
      const unknown = [...formatsOf(present)].filter((format) => !known.has(format));
      expect({ notKept: unknown, keepThemBy: 'STATE_FORMATS=write npx jest <this spec>' }).toEqual({
        notKept: [],
        keepThemBy: expect.any(String),
      });
    });

    it.each(kept)('%s: is read and gone on from, or said to be computed again', (_, state) => {
      const entries = entriesOf(state);
      if (state.rebuilt !== undefined) {
        const read = () => runProcessor(processor, [], { entries });
        expect(read).toThrow(EntryFormatError);
        expect(read).not.toThrow('newer');
        return;
      }
      const out = linesOf(runProcessor(processor, after, { entries }));
      expect(out).not.toEqual([]);
      expect(out).not.toEqual(linesOf(runProcessor(processor, after)));
      // What was upgraded is saved, and read back as what it was upgraded to.
      const restartBefore = new Set([...after.keys()].filter((row) => row % 3 === 0));
      expect(linesOf(runProcessor(processor, after, { entries, restartBefore }))).toEqual(out);
    });
  });
}

/** The state at the place, between a fifth and nine tenths of the story, at which it has most kinds of entries. */
function fullestState<In>(
  processor: Processor<In>,
  rows: readonly TestRow<In>[],
): { readonly present: ReadonlyMap<string, Uint8Array>; readonly after: readonly TestRow<In>[] } {
  const places = Array.from({ length: 8 }, (_, index) => Math.floor((rows.length * (2 + index)) / 10));
  const states = places.map((place) => {
    const present = new Map<string, Uint8Array>();
    runProcessor(processor, rows.slice(0, place), { saved: present });
    return { present, after: rows.slice(place) };
  });
  return states.reduce((best, state) => (formatsOf(state.present).size > formatsOf(best.present).size ? state : best));
}

/** `models 1`: every kind of entry, and the format of its values. Rows that are held back lie there as they were on the log. */
function formatsOf(entries: ReadonlyMap<string, Uint8Array>): Set<string> {
  const own = [...entries].filter(([key]) => !key.startsWith('by-tick/rows/'));
  return new Set(own.map(([key, bytes]) => `${key.split('/')[0]} ${bytes[0]}`));
}

function entriesOf(state: KeptState): Map<string, Uint8Array> {
  return new Map(
    Object.entries(state.entries).map(([key, bytes]) => [key, new Uint8Array(Buffer.from(bytes, 'base64'))]),
  );
}

function linesOf(rows: readonly EmittedRow[]): string[] {
  const plain = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? `${value}` : value);
  return rows.map((row) => JSON.stringify(row, plain));
}

function readKept(path: string): [string, KeptState][] {
  return namesIn(path).map((name) => [name, JSON.parse(readFileSync(join(path, name), 'utf8')) as KeptState]);
}

function namesIn(path: string): string[] {
  try {
    return readdirSync(path)
      .filter((name) => name.endsWith('.json'))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function keep(path: string, entries: ReadonlyMap<string, Uint8Array>): void {
  mkdirSync(path, { recursive: true });
  const name = `${String(namesIn(path).length + 1).padStart(3, '0')}.json`;
  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
  const state: KeptState = {
    entries: Object.fromEntries(sorted.map(([key, bytes]) => [key, Buffer.from(bytes).toString('base64')])),
  };
  writeFileSync(join(path, name), `${JSON.stringify(state, null, 2)}\n`);
}

import type { Definition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import type { RowCodec } from '@moola/contracts/topic';
import { decodeBatch, encodeBatches, rowKind, RowColumns } from './batch-codec.js';
import { jsonEntry, KeyedState, type EntryCodec } from './keyed-state.js';
import type { StreamRow } from './processor.js';

/** Rows of one source that are held back together. */
export interface HeldRows {
  readonly source: { readonly processor: string; readonly partition: number };
  readonly rows: StreamRow<unknown>[];
}

const prefix = 'by-tick/';
const oneRecord = { rows: Infinity, bytes: Infinity };

/** What a merge keeps in the checkpoint, beside the entries of the processor that it wraps. */
export class EntriesOfMerge {
  /** The entries of the wrapped processor. */
  readonly ofOthers: ReadonlyMap<string, Uint8Array>;
  /** Key: source, and the tick that closes the rows or `open`. */
  private readonly rows: KeyedState<HeldRows>;
  /** The last tick that each source has passed on. */
  private readonly ticks: KeyedState<number>;
  /** Ticks that some source has passed on and that are not applied, ascending. One entry. */
  private readonly waiting: KeyedState<number[]>;

  constructor(codec: RowCodec<unknown>, entries: ReadonlyMap<string, Uint8Array>) {
    this.rows = new KeyedState(`${prefix}rows/`, heldRowsEntry(codec), entries);
    this.ticks = new KeyedState(`${prefix}tick/`, jsonEntry<number>(1), entries);
    this.waiting = new KeyedState(`${prefix}waiting/`, jsonEntry<number[]>(1), entries);
    const others = new Map<string, Uint8Array>();
    for (const [key, bytes] of entries) if (!key.startsWith(prefix)) others.set(key, bytes);
    this.ofOthers = others;
  }

  *held(): IterableIterator<{ readonly tickMs: number | null; readonly rows: HeldRows }> {
    for (const [key, rows] of this.rows.entries()) {
      const tick = key.slice(key.lastIndexOf('|') + 1);
      yield { tickMs: tick === 'open' ? null : Number(tick), rows };
    }
  }

  changed(rows: HeldRows, tickMs: number | null): void {
    this.rows.set(rowsKey(rows, tickMs), rows);
  }

  closed(rows: HeldRows, tickMs: number): void {
    this.rows.delete(rowsKey(rows, null));
    this.changed(rows, tickMs);
  }

  applied(rows: HeldRows, tickMs: number): void {
    this.rows.delete(rowsKey(rows, tickMs));
  }

  lastTickMs(source: HeldRows['source']): number {
    return this.ticks.get(`${source.processor}|${source.partition}`) ?? -Infinity;
  }

  tickPassed(source: HeldRows['source'], tickMs: number): void {
    this.ticks.set(`${source.processor}|${source.partition}`, tickMs);
    const waiting = this.waiting.change('ticks', () => []);
    let index = waiting.length;
    while (index > 0 && (waiting[index - 1] as number) > tickMs) index--;
    if (waiting[index - 1] !== tickMs) waiting.splice(index, 0, tickMs);
  }

  /** The ticks that are due, ascending; they wait no longer. */
  takeTicksUntil(tickMs: number): number[] {
    const waiting = this.waiting.change('ticks', () => []);
    let due = 0;
    while (due < waiting.length && (waiting[due] as number) <= tickMs) due++;
    return waiting.splice(0, due);
  }

  takeChanges(into: Map<string, Uint8Array | null>): void {
    this.rows.takeChanges(into);
    this.ticks.takeChanges(into);
    this.waiting.takeChanges(into);
  }
}

function rowsKey({ source }: HeldRows, tickMs: number | null): string {
  return `${source.processor}|${source.partition}|${tickMs ?? 'open'}`;
}

/** Held rows as a batch record of their source. Their `tickMs` is not kept: it will be the tick that they are applied at. */
function heldRowsEntry(codec: RowCodec<unknown>): EntryCodec<HeldRows> {
  return {
    encode({ source, rows }) {
      const columns = new RowColumns<unknown>();
      for (const row of rows) {
        const { offset, ordinal } = row.position;
        if (row.kind === 'data') columns.addData(offset, ordinal, 0, row.value);
        else if (row.kind === 'definition') columns.addDefinition(offset, ordinal, 0, row.definition);
      }
      const epoch = rows[0]?.source.epoch ?? 0;
      return encodeBatches({ ...source, epoch }, columns, codec, oneRecord)[0] ?? new Uint8Array();
    },
    decode(bytes) {
      const { source, kinds, offsets, ordinals, data, definitions } = decodeBatch(bytes, codec);
      let nextData = 0;
      let nextDefinition = 0;
      const rows = Array.from(kinds, (kind, row): StreamRow<unknown> => {
        const position = { offset: offsets[row] as number, ordinal: ordinals[row] as number };
        return kind === rowKind.data
          ? { source, position, tickMs: 0, kind: 'data', value: data[nextData++] }
          : {
              source,
              position,
              tickMs: 0,
              kind: 'definition',
              definition: definitions[nextDefinition++] as Definition,
            };
      });
      return { source: { processor: source.processor, partition: source.partition }, rows };
    },
  };
}

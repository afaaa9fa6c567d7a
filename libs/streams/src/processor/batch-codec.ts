import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { GrowingColumns, indexes, numbers } from '@moola/contracts/columns/growing-columns';
import { DefinitionSchema, type Definition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import type { RowCodec, RowPacker, Topic } from '@moola/contracts/topic';
import { readEnvelope, writeEnvelope } from './batch-envelope.js';
import type { RowSource } from './processor.js';
import type { SourcePosition } from './source-position.js';

/** `Batch.kinds`. */
export const rowKind = { data: 0, tick: 1, definition: 2 } as const;

/** Offset, ordinal, tick and kind of a row. */
const bytesBesideData = 8 + 4 + 8 + 1;

function positionColumns(rows: number) {
  return {
    offsets: numbers(rows),
    ordinals: indexes(rows),
    ticks: numbers(rows),
    kinds: new Uint8Array(rows),
  };
}

/** Rows of one writer as columns, in position order. `data` and `definitions` hold one element a row of that kind. */
export class RowColumns<T> {
  data: T[] = [];
  definitions: Definition[] = [];
  /** Holds the data rows instead of `data`, where their codec packs rows as they come. */
  packer: RowPacker<T> | null = null;
  private readonly growing = new GrowingColumns(positionColumns);
  private count = 0;

  /** About how many bytes a record of them takes; 0 where that is known only when they are packed. */
  get packedBytes(): number {
    return this.packer === null ? 0 : this.packer.bytes + bytesBesideData * this.length;
  }

  /** These four may be longer than the rows. */
  get offsets(): Float64Array {
    return this.growing.columns.offsets;
  }
  get ordinals(): Uint32Array {
    return this.growing.columns.ordinals;
  }
  get ticks(): Float64Array {
    return this.growing.columns.ticks;
  }
  get kinds(): Uint8Array {
    return this.growing.columns.kinds;
  }

  get length(): number {
    return this.count;
  }

  /** Begins anew, with the same memory. */
  clear(): void {
    this.count = 0;
    this.data = [];
    this.definitions = [];
    this.packer = null;
  }

  addData(offset: number, ordinal: number, tickMs: number, value: T): void {
    this.addRow(offset, ordinal, tickMs, rowKind.data);
    if (this.packer === null) this.data.push(value);
    else this.packer.add(value);
  }

  addTick(offset: number, ordinal: number, tickMs: number): void {
    this.addRow(offset, ordinal, tickMs, rowKind.tick);
  }

  addDefinition(offset: number, ordinal: number, tickMs: number, definition: Definition): void {
    this.addRow(offset, ordinal, tickMs, rowKind.definition);
    this.definitions.push(definition);
  }

  private addRow(offset: number, ordinal: number, tickMs: number, kind: number): void {
    const row = this.count++;
    const columns = this.growing.withRow(row);
    columns.offsets[row] = offset;
    columns.ordinals[row] = ordinal;
    columns.ticks[row] = tickMs;
    columns.kinds[row] = kind;
  }
}

/** A record of any internal topic, read. Columns have one element a row. */
export interface DecodedBatch<T> {
  readonly source: RowSource;
  readonly offsets: Float64Array;
  readonly ordinals: Uint32Array;
  readonly ticks: Float64Array;
  readonly kinds: Uint8Array;
  readonly data: readonly T[];
  readonly definitions: readonly Definition[];
  /** The last position that the writer sent to the partition before this record; `null`: it knows of none. */
  readonly previous: SourcePosition | null;
}

/** How large a record may become. Both are targets: a single row larger than `bytes` is a record of its own. */
export interface RecordLimits {
  readonly rows: number;
  readonly bytes: number;
}

/** Kafka's default largest message is 1 MiB; a record stays well below it. */
export const defaultRecordLimits: RecordLimits = { rows: 8192, bytes: 768 * 1024 };

/** The writer of rows that have no position. */
export const externalSource: RowSource = { processor: '', partition: 0, epoch: 0 };

/**
 * Packs rows into as few records as the limits allow, split between rows, in order: so the positions in a partition only
 * ever grow. Rows that a packer has packed already are one record: whoever collects them keeps to the limits.
 * @param previous the last position that the writer has sent to the same partition; `null`: none that it knows of
 */
export function encodeBatches<T>(
  source: RowSource,
  rows: RowColumns<T>,
  codec: RowCodec<T> | null,
  limits: RecordLimits = defaultRecordLimits,
  previous: SourcePosition | null = null,
): Uint8Array[] {
  const records: Uint8Array[] = [];
  let before = previous;
  let data = 0;
  let definitions = 0;
  const encode = (from: number, to: number): void => {
    const kinds = rows.kinds.subarray(from, to);
    const dataEnd = data + count(kinds, rowKind.data);
    const definitionsEnd = definitions + count(kinds, rowKind.definition);
    const range = { from, to, kinds, data, dataEnd, definitions, definitionsEnd, previous: before };
    const bytes = encodeRange(source, rows, codec, range);
    if (bytes.length > limits.bytes && to - from > 1 && rows.packer === null) {
      const middle = (from + to) >>> 1;
      encode(from, middle);
      encode(middle, to);
      return;
    }
    data = dataEnd;
    definitions = definitionsEnd;
    if (source.processor !== '') before = lastPosition(source, rows, to);
    records.push(bytes);
  };
  const most = rows.packer === null ? limits.rows : rows.length;
  for (let from = 0; from < rows.length; from += most) encode(from, Math.min(from + most, rows.length));
  return records;
}

/** Where the rows before `end` stop. */
export function lastPosition(source: RowSource, rows: RowColumns<unknown>, end = rows.length): SourcePosition {
  const [offset, ordinal] = [rows.offsets[end - 1] as number, rows.ordinals[end - 1] as number];
  return { epoch: source.epoch, offset, ordinal };
}

interface RowRange {
  readonly from: number;
  readonly to: number;
  readonly kinds: Uint8Array;
  readonly data: number;
  readonly dataEnd: number;
  readonly definitions: number;
  readonly definitionsEnd: number;
  readonly previous: SourcePosition | null;
}

function encodeRange<T>(
  source: RowSource,
  rows: RowColumns<T>,
  codec: RowCodec<T> | null,
  range: RowRange,
): Uint8Array {
  const { from, to } = range;
  return writeEnvelope({
    source,
    offsets: packed(rows.offsets.subarray(from, to)),
    ordinals: packed(rows.ordinals.subarray(from, to)),
    ticks: packed(rows.ticks.subarray(from, to)),
    kinds: range.kinds,
    data: rows.packer?.finish() ?? encodeData(rows.data.slice(range.data, range.dataEnd), codec),
    definitions: rows.definitions
      .slice(range.definitions, range.definitionsEnd)
      .map((definition) => toBinary(DefinitionSchema, definition)),
    previous: range.previous,
  });
}

function encodeData<T>(data: readonly T[], codec: RowCodec<T> | null): Uint8Array {
  if (data.length === 0) return new Uint8Array();
  if (codec === null) throw new Error('data rows need the codec of their topic');
  return codec.encode(data);
}

const noDefinitions: readonly Definition[] = [];

/** @throws {Error} when the bytes are no batch of this topic: nothing that goes on could make sense of it. */
export function decodeBatch<T>(bytes: Uint8Array, codec: RowCodec<T>): DecodedBatch<T> {
  const batch = readEnvelope(bytes);
  const { source, kinds, previous } = batch;
  const data = batch.data.length > 0 ? codec.decode(batch.data) : [];
  const definitions =
    batch.definitions.length > 0
      ? batch.definitions.map((definition) => fromBinary(DefinitionSchema, definition))
      : noDefinitions;
  const decoded = {
    source,
    offsets: float64s(batch.offsets, kinds.length, 'offsets'),
    ordinals: uint32s(batch.ordinals, kinds.length, 'ordinals'),
    ticks: float64s(batch.ticks, kinds.length, 'ticks'),
    kinds,
    data,
    definitions,
    previous,
  };
  expectRows(kinds, rowKind.data, data.length, 'data');
  expectRows(kinds, rowKind.definition, definitions.length, 'definition');
  return decoded;
}

/** A row of a writer that has no positions: a request, a ticker, an effect, a command, a replayer. */
export type ExternalRow<T> =
  | { readonly kind: 'data'; readonly value: T }
  | { readonly kind: 'tick'; readonly tickMs: number }
  | { readonly kind: 'definition'; readonly definition: Definition };

/**
 * Records of rows without position: readers apply each of them, and whoever must not count one twice goes by its id.
 * Usually one record; several when the limits ask for it.
 */
export function externalBatch<T>(
  topic: Topic<T>,
  rows: readonly ExternalRow<T>[],
  limits: RecordLimits = defaultRecordLimits,
): Uint8Array[] {
  const columns = new RowColumns<T>();
  for (const row of rows) {
    if (row.kind === 'data') columns.addData(0, 0, 0, row.value);
    else if (row.kind === 'tick') columns.addTick(0, 0, row.tickMs);
    else columns.addDefinition(0, 0, 0, row.definition);
  }
  return encodeBatches(externalSource, columns, topic.codec, limits);
}

/** A column of zeros is left out. Little-endian, as every platform that Node runs on today. */
function packed(column: Float64Array | Uint32Array): Uint8Array {
  let row = 0;
  while (row < column.length && column[row] === 0) row++;
  if (row === column.length) return new Uint8Array();
  return new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
}

/** Copied where a typed array may stand upon the bytes. */
function float64s(bytes: Uint8Array, rows: number, name: string): Float64Array {
  const column = new Float64Array(rows);
  if (bytes.length === 0) return column;
  expectLength(bytes, rows, 8, name);
  if (rows === 1) column[0] = new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0, true);
  else new Uint8Array(column.buffer).set(bytes);
  return column;
}

function uint32s(bytes: Uint8Array, rows: number, name: string): Uint32Array {
  const column = new Uint32Array(rows);
  if (bytes.length === 0) return column;
  expectLength(bytes, rows, 4, name);
  new Uint8Array(column.buffer).set(bytes);
  return column;
}

function expectLength(bytes: Uint8Array, rows: number, width: number, name: string): void {
  if (bytes.length === rows * width) return;
  throw new Error(`batch column ${name} has ${bytes.length} bytes, expected ${rows * width} for ${rows} rows`);
}

function count(kinds: Uint8Array, kind: number): number {
  let rows = 0;
  for (const each of kinds) if (each === kind) rows++;
  return rows;
}

function expectRows(kinds: Uint8Array, kind: number, rows: number, name: string): void {
  const expected = count(kinds, kind);
  if (expected !== rows) throw new Error(`batch holds ${rows} ${name} rows, its kinds name ${expected}`);
}

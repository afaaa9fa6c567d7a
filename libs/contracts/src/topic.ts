/** How a topic's data rows become bytes and back. `decode(encode(rows))` equals `rows`, in every bit of every number. */
export interface RowCodec<T> {
  encode(rows: readonly T[]): Uint8Array;
  decode(bytes: Uint8Array): T[];
  /** Where rows take far more memory than their bytes: packs them one by one, to the same as `encode` gives for all. */
  packer?(): RowPacker<T>;
}

/** Packs rows as they come: none of them has to be kept. */
export interface RowPacker<T> {
  add(row: T): void;
  /** How many bytes `finish` would give. */
  readonly bytes: number;
  finish(): Uint8Array;
}

/** A topic, with what its data rows are. Declared once, in `topics.ts`. */
export interface Topic<T> {
  /** Short name: `intake`. In the log it is `moola.<environment>.intake.v1`. */
  readonly name: string;
  readonly codec: RowCodec<T>;
}

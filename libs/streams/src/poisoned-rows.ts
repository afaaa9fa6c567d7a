/** A row threw a `PoisonError`, half-way perhaps: the task's memory is of no use any more. */
export class RowPoisonedError extends Error {
  override readonly name = 'RowPoisonedError';
  readonly kind = 'poison';
  constructor(
    readonly offset: number,
    readonly row: number,
    /** Which of the rows that it made the processor apply: 0 is itself; others were held back by a wrapper until it. */
    readonly applied: number,
    readonly reason: string,
  ) {
    super(`row ${row} of the record at offset ${offset} cannot be applied: ${reason}`);
  }
}

/** The reasons of an input row's poisoned rows, by the order in which it makes a processor apply them. */
export type PoisonOfRow = ReadonlyMap<number, string>;

/** What is known to be poisoned after the checkpoint that a task goes back to: it is not applied again. */
export class PoisonedRows {
  private readonly records = new Map<number, Map<number, Map<number, string>>>();
  private latestFound: RowPoisonedError | null = null;

  add(found: RowPoisonedError): void {
    const record = this.records.get(found.offset) ?? new Map<number, Map<number, string>>();
    this.records.set(found.offset, record);
    const row = record.get(found.row) ?? new Map<number, string>();
    record.set(found.row, row);
    row.set(found.applied, found.reason);
    this.latestFound = found;
  }

  /** Poisoned rows of one record, by row. */
  of(offset: number): ReadonlyMap<number, PoisonOfRow> | null {
    return this.records.get(offset) ?? null;
  }

  /** The last one found, until a checkpoint stands right before it. */
  get latest(): RowPoisonedError | null {
    return this.latestFound;
  }

  checkpointed(): void {
    this.latestFound = null;
  }

  /** Forgets what stands before a position. */
  forgetBefore(position: number): void {
    for (const offset of this.records.keys()) if (offset < position) this.records.delete(offset);
    if (this.latestFound !== null && this.latestFound.offset < position) this.latestFound = null;
  }
}

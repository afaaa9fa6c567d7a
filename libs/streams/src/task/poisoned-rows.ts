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
    /** How many outputs it gave before that was found: they may be published. 0 when it was found while it was applied. */
    readonly outputs = 0,
  ) {
    super(`row ${row} of the record at offset ${offset} cannot be applied: ${reason}`);
  }
}

/** Why a row is not applied, and how many outputs it gave when it was. */
export type Poison = Pick<RowPoisonedError, 'reason' | 'outputs'>;

/** The poisoned rows that an input row makes a processor apply, by their order. */
export type PoisonOfRow = ReadonlyMap<number, Poison>;

/** What is known to be poisoned after the checkpoint that a task goes back to: it is not applied again. */
export class PoisonedRows {
  private readonly records = new Map<number, Map<number, Map<number, Poison>>>();
  private latestFound: RowPoisonedError | null = null;

  add(found: RowPoisonedError): void {
    const record = this.records.get(found.offset) ?? new Map<number, Map<number, Poison>>();
    this.records.set(found.offset, record);
    const row = record.get(found.row) ?? new Map<number, Poison>();
    record.set(found.row, row);
    row.set(found.applied, found);
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

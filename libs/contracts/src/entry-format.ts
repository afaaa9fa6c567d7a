/**
 * A checkpoint entry has a format that this version does not read. Of a newer version: the task stops, and the message
 * says which to run. Older than what can be read: the task's state is computed again from its input topic.
 */
export class EntryFormatError extends Error {
  override readonly name = 'EntryFormatError';
  constructor(
    readonly entry: string,
    readonly found: number,
    readonly current: number,
  ) {
    super(
      found > current
        ? `checkpoint entry ${entry} has format ${found}, this version reads up to ${current}: run the version that ` +
            `wrote it, or a newer one`
        : `checkpoint entry ${entry} has format ${found}, which this version reads no more (it writes ${current})`,
    );
  }

  /** Written by a newer version than this one. */
  get isNewer(): boolean {
    return this.found > this.current;
  }
}

/**
 * Compares the format of an entry with those that its codec reads.
 * @param older formats that are read beside the current one
 * @throws {EntryFormatError}
 */
export function expectFormat(
  entry: string,
  found: number | undefined,
  current: number,
  older: readonly number[] = [],
): void {
  const format = found ?? 0;
  if (format !== current && !older.includes(format)) throw new EntryFormatError(entry, format, current);
}

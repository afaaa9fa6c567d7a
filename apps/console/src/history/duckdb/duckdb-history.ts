import type {
  FileFormat,
  Filter,
  Gap,
  HistoryBatch,
  HistoryStore,
  Maintenance,
  PageQuery,
  PartitionPosition,
  RowsQuery,
  StoreSize,
  TimeSpan,
} from '../port/history-store.js';
import type { RollupTable, Row, Table, Value } from '../schema/table.js';
import { openFile, rowsOf, type FileOptions, type OpenFile } from './file.js';
import { known, Lane } from './lane.js';
import { maintain, sizeOf } from './maintain.js';
import { exportRows, readDistinct, readPage, readSpan } from './queries.js';
import { SeriesIds } from './series-ids.js';
import { name } from './sql.js';
import { writeBatch } from './write-batch.js';

export interface DuckDbOptions extends FileOptions {
  /** A read that takes longer is ended, milliseconds. */
  readonly queryTimeoutMs: number;
  /** An export that takes longer is ended, milliseconds. */
  readonly exportTimeoutMs: number;
}

/**
 * History in a DuckDB file. Its work is done on other threads; reads wait for reads, never for the writer.
 * After a write that failed it must be opened again.
 */
export class DuckDbHistory implements HistoryStore {
  private constructor(
    private readonly file: OpenFile,
    private readonly reads: Lane,
    private readonly exports: Lane,
    private readonly options: DuckDbOptions,
    private readonly ids: ReadonlyMap<RollupTable, SeriesIds>,
  ) {}

  /** @throws {DamagedHistoryError} {@link NewerHistoryError} */
  static async open(path: string, options: DuckDbOptions): Promise<DuckDbHistory> {
    const file = await openFile(path, options);
    try {
      const ids = new Map<RollupTable, SeriesIds>();
      for (const table of options.tables)
        if (table.kind === 'rollup') ids.set(table, await SeriesIds.read(file.writer, table));
      const lane = async (timeoutMs: number) => new Lane(await file.instance.connect(), timeoutMs);
      const [reads, exports] = [await lane(options.queryTimeoutMs), await lane(options.exportTimeoutMs)];
      return new DuckDbHistory(file, reads, exports, options, ids);
    } catch (error) {
      file.instance.closeSync();
      throw known(error);
    }
  }

  async positions(): Promise<readonly PartitionPosition[]> {
    const rows = await rowsOf(
      this.file.writer,
      'SELECT topic, partition, CAST(next AS DOUBLE) AS next, seen, clock FROM positions',
    );
    return rows.map(({ topic, partition, next, seen, clock }) => ({
      ...{ topic: String(topic), partition: Number(partition), next: Number(next) },
      seen: new Map(
        Object.entries(JSON.parse(String(seen)) as Record<string, string>).map(([key, bytes]) => [
          key,
          Uint8Array.from(Buffer.from(bytes, 'base64')),
        ]),
      ),
      clockMs: clock === null ? null : Number(clock),
    }));
  }

  async gaps(): Promise<readonly Gap[]> {
    return this.reads.run(async (connection) => {
      const rows = await rowsOf(
        connection,
        'SELECT topic, partition, CAST(from_offset AS DOUBLE) AS "from", CAST(until_offset AS DOUBLE) AS "until", after_ms FROM gaps',
      );
      return rows.map(({ topic, partition, from, until, after_ms: after }) => ({
        ...{ topic: String(topic), partition: Number(partition), from: Number(from), until: Number(until) },
        afterMs: after === null ? null : Number(after),
      }));
    });
  }

  async write(batch: HistoryBatch): Promise<void> {
    await this.written(() =>
      writeBatch(this.file.writer, batch, (table) => {
        const ids = this.ids.get(table);
        if (ids === undefined) throw new Error(`history was opened without the table ${table.name}`);
        return ids;
      }),
    );
  }

  page(query: PageQuery): Promise<readonly Row[]> {
    return this.reads.run((connection) => readPage(connection, query));
  }

  distinct(table: Table, column: string, filters: readonly Filter[], most: number): Promise<readonly Value[]> {
    return this.reads.run((connection) => readDistinct(connection, table, column, filters, most));
  }

  span(table: Table, filters: readonly Filter[]): Promise<TimeSpan | null> {
    return this.reads.run((connection) => readSpan(connection, table, filters));
  }

  exportRows(query: RowsQuery, format: FileFormat, file: string): Promise<void> {
    return this.exports.run((connection) => exportRows(connection, query, format, file));
  }

  async copyTo(file: string): Promise<void> {
    await this.written(async () => {
      const { writer } = this.file;
      const [row] = await rowsOf(writer, 'SELECT current_database() AS name');
      await writer.run(`ATTACH '${file.replaceAll("'", "''")}' AS copy`);
      try {
        await writer.run(`COPY FROM DATABASE ${name(String(row?.['name']))} TO copy`);
      } finally {
        await writer.run('DETACH copy');
      }
    });
  }

  size(): Promise<StoreSize> {
    return this.reads.run((connection) => sizeOf(connection, this.options.tables));
  }

  async maintain(maintenance: Maintenance): Promise<void> {
    await this.written(() => maintain(this.file.writer, this.options.tables, maintenance));
  }

  async close(): Promise<void> {
    await this.reads.close();
    await this.exports.close();
    this.file.writer.closeSync();
    this.file.instance.closeSync();
  }

  private async written(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      await this.file.writer.run('ROLLBACK').catch(() => undefined);
      throw known(error);
    }
  }
}

import type { DuckDBConnection } from '@duckdb/node-api';
import type { FigureRow } from '../port/history-store.js';
import { seriesKey } from '../schema/series-key.js';
import type { RollupTable, Value } from '../schema/table.js';
import { rowsOf } from './file.js';
import { name, seriesTable } from './sql.js';
import { parameter } from './values.js';

/** The number under which each series of a table is stored. */
export class SeriesIds {
  private constructor(
    private readonly table: RollupTable,
    private readonly ids: Map<string, number>,
    private next: number,
  ) {}

  static async read(connection: DuckDBConnection, table: RollupTable): Promise<SeriesIds> {
    const ids = new Map<string, number>();
    let next = 1;
    for (const row of await rowsOf(connection, `SELECT * FROM ${name(seriesTable(table))}`)) {
      const id = Number(row['id']);
      ids.set(seriesKey(table.series.map((column) => row[column.name] as Value)), id);
      next = Math.max(next, id + 1);
    }
    return new SeriesIds(table, ids, next);
  }

  get size(): number {
    return this.ids.size;
  }

  /** The number of each row's series; new ones are written, in the transaction that is open. */
  async of(connection: DuckDBConnection, rows: readonly FigureRow[]): Promise<number[]> {
    const fresh: (readonly Value[])[] = [];
    const numbers = rows.map(({ series }) => {
      const key = seriesKey(series);
      const known = this.ids.get(key);
      if (known !== undefined) return known;
      const id = this.next++;
      this.ids.set(key, id);
      fresh.push([id, ...series]);
      return id;
    });
    const columns = [{ name: 'id', type: 'count' as const, text: '' }, ...this.table.series];
    const most = 500;
    for (let first = 0; first < fresh.length; first += most) {
      const some = fresh.slice(first, first + most);
      const places = some.map(
        (_, row) => `(${columns.map((__, at) => `$${row * columns.length + at + 1}`).join(', ')})`,
      );
      await connection.run(
        `INSERT INTO ${name(seriesTable(this.table))} VALUES ${places.join(', ')}`,
        some.flatMap((values) => values.map((value, at) => parameter(columns[at]!, value))),
      );
    }
    return numbers;
  }
}

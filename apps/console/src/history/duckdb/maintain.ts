import type { DuckDBConnection } from '@duckdb/node-api';
import type { Maintenance, StoreSize } from '../port/history-store.js';
import { keptFromMs } from '../schema/kept-from.js';
import { keptMsOf, resolutions, type Resolution, type RollupTable, type Table } from '../schema/table.js';
import { rowsOf } from './file.js';
import { bucketsTable, name, seriesTable } from './sql.js';
import { timestamp } from './values.js';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Buckets of so long a time are packed at once, when it has been over for a while. */
const packedTogetherMs: Readonly<Record<Resolution, number>> = { 60000: dayMs, 600000: 7 * dayMs, 3600000: 28 * dayMs };

/** Removes what is too old or too many, sorts what no longer changes by series, and keeps the file below its limit. */
export async function maintain(
  connection: DuckDBConnection,
  tables: readonly Table[],
  { nowMs, mostBytes }: Maintenance,
): Promise<void> {
  for (const table of tables) {
    if (table.kind === 'rows') {
      const time = name(table.time);
      const target = name(table.name);
      await connection.run(`DELETE FROM ${target} WHERE ${time} < $1`, [
        timestamp(Math.max(-8.64e15, keptFromMs(nowMs, table.keptMs))),
      ]);
      await connection.run(
        `DELETE FROM ${target} WHERE ${time} < (SELECT min(${time}) FROM (SELECT ${time} FROM ${target} ORDER BY ${time} DESC LIMIT $1))`,
        [table.mostRows],
      );
    } else {
      for (const lengthMs of resolutions) {
        await connection.run(`DELETE FROM ${name(bucketsTable(table, lengthMs))} WHERE time < $1`, [
          timestamp(keptFromMs(nowMs, keptMsOf(table, lengthMs))),
        ]);
        await pack(connection, table, lengthMs, nowMs);
      }
    }
  }
  await connection.run('CHECKPOINT');
  await shorten(connection, tables, mostBytes);
}

/** Sorts closed stretches by series, so that a reader of one series reads little else. */
async function pack(
  connection: DuckDBConnection,
  table: RollupTable,
  lengthMs: Resolution,
  nowMs: number,
): Promise<void> {
  const target = name(bucketsTable(table, lengthMs));
  const mark = `packed/${bucketsTable(table, lengthMs)}`;
  const together = packedTogetherMs[lengthMs];
  const until = Math.floor((nowMs - 2 * hourMs) / together) * together;
  const [marked] = await rowsOf(connection, 'SELECT value FROM meta WHERE name = $1', [mark]);
  const [oldest] = await rowsOf(connection, `SELECT CAST(epoch_ms(min(time)) AS DOUBLE) AS ms FROM ${target}`);
  if (oldest?.['ms'] === null || oldest === undefined) return;
  const first = Math.floor(Number(oldest['ms']) / together) * together;
  let start = Math.max(first, Number(marked?.['value'] ?? first));
  for (; start < until; start += together) {
    const span = [timestamp(start), timestamp(start + together)];
    const within = 'time >= $1 AND time < $2';
    await connection.run('BEGIN');
    await connection.run(
      `CREATE TEMP TABLE packing AS SELECT * FROM ${target} WHERE ${within} ORDER BY series, time`,
      span,
    );
    await connection.run(`DELETE FROM ${target} WHERE ${within}`, span);
    await connection.run(`INSERT INTO ${target} SELECT * FROM packing`);
    await connection.run('DROP TABLE packing');
    await connection.run('DELETE FROM meta WHERE name = $1', [mark]);
    await connection.run('INSERT INTO meta VALUES ($1, $2)', [mark, String(start + together)]);
    await connection.run('COMMIT');
  }
}

/** Above the limit the oldest tenth of the largest table goes, and again, until it is below. */
async function shorten(connection: DuckDBConnection, tables: readonly Table[], mostBytes: number): Promise<void> {
  for (let round = 0; round < 50 && (await usedBytes(connection)) > mostBytes; round++) {
    const [largest] = (await stored(connection, tables)).sort((a, b) => b.rows - a.rows);
    if (largest === undefined || largest.rows === 0) return;
    const { table, time } = largest;
    await connection.run(
      `DELETE FROM ${name(table)} WHERE ${name(time)} <= (SELECT quantile_disc(${name(time)}, 0.1) FROM ${name(table)})`,
    );
    await connection.run('CHECKPOINT');
  }
}

async function usedBytes(connection: DuckDBConnection): Promise<number> {
  const [size] = await rowsOf(
    connection,
    'SELECT CAST(block_size * used_blocks AS DOUBLE) AS bytes FROM pragma_database_size()',
  );
  return Number(size?.['bytes'] ?? 0);
}

interface StoredRows {
  readonly table: string;
  readonly time: string;
  readonly rows: number;
}

async function stored(connection: DuckDBConnection, tables: readonly Table[]): Promise<StoredRows[]> {
  const names = tables.flatMap((table) =>
    table.kind === 'rows'
      ? [{ table: table.name, time: table.time }]
      : resolutions.map((each) => ({ table: bucketsTable(table, each), time: 'time' })),
  );
  const rows: StoredRows[] = [];
  for (const each of names) {
    const [count] = await rowsOf(connection, `SELECT CAST(count(*) AS DOUBLE) AS rows FROM ${name(each.table)}`);
    rows.push({ ...each, rows: Number(count?.['rows'] ?? 0) });
  }
  return rows;
}

export async function sizeOf(connection: DuckDBConnection, tables: readonly Table[]): Promise<StoreSize> {
  const sizes = await stored(connection, tables);
  for (const table of tables) {
    if (table.kind !== 'rollup') continue;
    const [count] = await rowsOf(
      connection,
      `SELECT CAST(count(*) AS DOUBLE) AS rows FROM ${name(seriesTable(table))}`,
    );
    sizes.push({ table: seriesTable(table), time: '', rows: Number(count?.['rows'] ?? 0) });
  }
  const [size] = await rowsOf(
    connection,
    'SELECT CAST(block_size * total_blocks AS DOUBLE) AS bytes FROM pragma_database_size()',
  );
  return {
    bytes: Number(size?.['bytes'] ?? 0),
    usedBytes: await usedBytes(connection),
    tables: sizes.map(({ table, rows }) => ({ table, rows })),
  };
}

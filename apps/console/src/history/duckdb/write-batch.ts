import type { DuckDBConnection } from '@duckdb/node-api';
import type { FigureRow, HistoryBatch } from '../port/history-store.js';
import { resolutions, type RollupTable, type Row, type RowTable } from '../schema/table.js';
import type { SeriesIds } from './series-ids.js';
import { bucketColumns, bucketOf, bucketsTable, name, rolledUp, stageTable } from './sql.js';
import { appendRows, timestamp } from './values.js';

/** Writes a batch and its positions, in one transaction. */
export async function writeBatch(
  connection: DuckDBConnection,
  batch: HistoryBatch,
  idsOf: (table: RollupTable) => SeriesIds,
): Promise<void> {
  await connection.run('BEGIN');
  for (const [table, rows] of batch.rows) if (rows.length > 0) await writeRows(connection, table, rows);
  for (const [table, rows] of batch.figures) {
    if (rows.length > 0) await writeFigures(connection, table, rows, await idsOf(table).of(connection, rows));
  }
  for (const { topic, partition, next, seen, clockMs } of batch.positions) {
    await connection.run('DELETE FROM positions WHERE topic = $1 AND partition = $2', [topic, partition]);
    const entries = Object.fromEntries([...seen].map(([key, bytes]) => [key, Buffer.from(bytes).toString('base64')]));
    await connection.run('INSERT INTO positions VALUES ($1, $2, $3, $4, $5)', [
      ...[topic, partition, BigInt(next), JSON.stringify(entries), clockMs],
    ]);
  }
  for (const { topic, partition, from, until, afterMs } of batch.gaps) {
    const values = [topic, partition, BigInt(from), BigInt(until), afterMs];
    await connection.run('INSERT INTO gaps VALUES ($1, $2, $3, $4, $5)', values);
  }
  await connection.run('COMMIT');
}

async function writeRows(connection: DuckDBConnection, table: RowTable, rows: readonly Row[]): Promise<void> {
  const [stage, target] = [name(stageTable(table)), name(table.name)];
  const sameKey = (from: string, to: string) =>
    table.key.map((column) => `${from}.${name(column)} = ${to}.${name(column)}`).join(' AND ');
  await appendRows(connection, stageTable(table), table.columns, rows.length, (row, column) => {
    return rows[row]?.[table.columns[column]!.name];
  });
  if (table.revised === 'fill') {
    const filled = table.columns.map(({ name: column }) => {
      return `${name(column)} = coalesce(${stage}.${name(column)}, t.${name(column)})`;
    });
    await connection.run(`UPDATE ${stage} SET ${filled.join(', ')} FROM ${target} t WHERE ${sameKey(stage, 't')}`);
  }
  await connection.run(`DELETE FROM ${target} USING ${stage} s WHERE ${sameKey(target, 's')}`);
  // Of a row whose time is not known its beginning was never seen.
  await connection.run(`INSERT INTO ${target} SELECT * FROM ${stage} WHERE ${name(table.time)} IS NOT NULL`);
  await connection.run(`DELETE FROM ${stage}`);
}

async function writeFigures(
  connection: DuckDBConnection,
  table: RollupTable,
  rows: readonly FigureRow[],
  ids: readonly number[],
): Promise<void> {
  const [minuteMs] = resolutions;
  const stage = name(stageTable(table));
  const minutes = name(bucketsTable(table, minuteMs));
  let [fromMs, untilMs] = [Infinity, -Infinity];
  for (const { startMs } of rows) {
    fromMs = Math.min(fromMs, startMs);
    untilMs = Math.max(untilMs, startMs);
  }
  await appendRows(connection, stageTable(table), bucketColumns(table), rows.length, (row, column) => {
    if (column === 0) return ids[row];
    return column === 1 ? rows[row]?.startMs : rows[row]?.values[column - 2];
  });
  // Stating the span lets the database pass over all that lies outside it.
  const span = [timestamp(fromMs), timestamp(untilMs)];
  const same = `t.series = ${stage}.series AND t.time = ${stage}.time AND t.time BETWEEN $1 AND $2`;
  const extremes = table.values.filter(({ rollup }) => rollup === 'least' || rollup === 'most');
  if (extremes.length > 0) {
    const merged = extremes.map(({ name: column, rollup }) => {
      // Both pass over nulls.
      const pick = rollup === 'least' ? 'least' : 'greatest';
      return `${name(column)} = ${pick}(${stage}.${name(column)}, t.${name(column)})`;
    });
    await connection.run(`UPDATE ${stage} SET ${merged.join(', ')} FROM ${minutes} t WHERE ${same}`, span);
  }
  await connection.run(`DELETE FROM ${minutes} t USING ${stage} WHERE ${same}`, span);
  await connection.run(`INSERT INTO ${minutes} SELECT * FROM ${stage} ORDER BY time, series`);
  for (const [at, lengthMs] of resolutions.entries()) {
    const finer = resolutions[at - 1];
    if (finer === undefined) continue;
    const target = name(bucketsTable(table, lengthMs));
    const start = Math.floor(fromMs / lengthMs) * lengthMs;
    const end = (Math.floor(untilMs / lengthMs) + 1) * lengthMs;
    const within = [timestamp(start), timestamp(end)];
    const touched = `(SELECT DISTINCT series, ${bucketOf('time', lengthMs)} AS time FROM ${stage})`;
    await connection.run(
      `DELETE FROM ${target} t USING ${touched} s WHERE t.series = s.series AND t.time = s.time AND t.time >= $1 AND t.time < $2`,
      within,
    );
    const values = table.values.map((column) => `${rolledUp(column, 'f.time', 'f.')} AS ${name(column.name)}`);
    await connection.run(
      `INSERT INTO ${target} SELECT f.series, s.time, ${values.join(', ')} FROM ${name(bucketsTable(table, finer))} f ` +
        `JOIN ${touched} s ON f.series = s.series AND ${bucketOf('f.time', lengthMs)} = s.time ` +
        `WHERE f.time >= $1 AND f.time < $2 GROUP BY f.series, s.time ORDER BY s.time, f.series`,
      within,
    );
  }
  await connection.run(`DELETE FROM ${stage}`);
}

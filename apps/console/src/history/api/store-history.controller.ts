import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import {
  BadRequestException,
  Controller,
  Get,
  Inject,
  NotFoundException,
  Param,
  Query,
  ServiceUnavailableException,
  StreamableFile,
} from '@nestjs/common';
import { nearest } from '@moola/contracts/definitions/nearest';
import { Environments } from '../../api/environments.js';
import { HistoryClosedError, type EnvironmentHistory } from '../environment-history.js';
import { Histories } from '../histories.js';
import { DamagedHistoryError, SlowQueryError, type HistoryStore, type RowsQuery } from '../port/history-store.js';
import { tables } from '../projections/projections.js';
import { chooseBuckets, mostPoints, pointsOf, shortestKept, storedFor } from '../read/resolution.js';
import { keptFromMs } from '../schema/kept-from.js';
import { columnsOf, type Row, type Table, type Value } from '../schema/table.js';
import { cursorOf, filterColumns, historyQuery, type HistoryQuery } from './history-query.js';
import type { HistoryOverview, HistoryRowsView, HistoryValuesView } from './views.js';

type Parameters = Readonly<Record<string, unknown>>;

const dayMs = 24 * 3_600_000;
const mediaTypes = { csv: 'text/csv; charset=utf-8', parquet: 'application/vnd.apache.parquet' } as const;

/** What was, as far back as history reaches: tables, as rows or as files. */
@Controller('api/v1/environments/:environment')
export class StoreHistoryController {
  constructor(
    @Inject(Environments) private readonly environments: Environments,
    @Inject(Histories) private readonly histories: Histories,
  ) {}

  @Get('history')
  async overview(@Param('environment') environment: string): Promise<HistoryOverview> {
    const history = this.history(environment);
    const { state, size } = history;
    const rows = new Map<string, number>();
    for (const each of size?.tables ?? []) {
      const name = each.table.replace(/_(1m|10m|1h)$/, '');
      rows.set(name, (rows.get(name) ?? 0) + each.rows);
    }
    const gaps = state.open ? await this.ask(history, (store) => store.gaps()) : [];
    return {
      ...{ open: state.open, why: state.open ? '' : state.why, behind: history.behind, caughtUp: history.caughtUp },
      ...{ bytes: size?.bytes ?? 0, tooLate: history.tooLate },
      tables: tables.map((table) => ({
        ...{ name: table.name, text: table.text, kind: table.kind, rows: rows.get(table.name) ?? 0 },
        columns: columnsOf(table).map(({ name, type, text }) => ({ name, type, text })),
      })),
      gaps: gaps.map(({ topic, partition, from, until, afterMs }) => ({
        ...{ topic, partition, records: until - from, afterMs },
      })),
    };
  }

  /** A copy of all of it, for another instance (`moola history import`). */
  @Get('history-file')
  async file(@Param('environment') environment: string): Promise<StreamableFile> {
    const history = this.history(environment);
    const file = history.newFile(`${randomUUID()}.duckdb`);
    await this.ask(history, (store) => store.copyTo(file));
    return sent(file, 'application/vnd.duckdb', `${environment}.duckdb`);
  }

  @Get('history/:table')
  async rows(
    @Param('environment') environment: string,
    @Param('table') name: string,
    @Query() parameters: Parameters,
  ): Promise<HistoryRowsView | StreamableFile> {
    const history = this.history(environment);
    const table = tableOf(name);
    const query = historyQuery(table, parameters);
    const { clockMs } = this.environments.get(environment);
    const asked = await this.ask(history, (store) => placed(store, table, query, clockMs));
    if (query.format === 'json') return this.ask(history, (store) => answer(store, asked, query, clockMs));
    const { format } = query;
    const file = history.newFile(`${randomUUID()}.${format}`);
    await this.ask(history, (store) => store.exportRows(asked, format, file));
    return sent(file, mediaTypes[format], `${environment}-${table.name}.${format}`);
  }

  /** Which values a column has: versions of a model, windows of a metric. */
  @Get('history/:table/values/:column')
  async values(
    @Param('environment') environment: string,
    @Param('table') name: string,
    @Param('column') column: string,
    @Query() parameters: Parameters,
  ): Promise<HistoryValuesView> {
    const history = this.history(environment);
    const table = tableOf(name);
    const possible = (table.kind === 'rollup' ? table.series : filterColumns(table)).map((each) => each.name);
    if (!possible.includes(column))
      throw new NotFoundException(
        `table ${table.name} has no column "${column.slice(0, 80)}" with values to list; there are ${possible.join(', ')}`,
      );
    const { filters } = historyQuery(table, parameters);
    const wrong = filters.find((filter) => !possible.includes(filter.column));
    if (wrong !== undefined)
      throw new BadRequestException(`${wrong.column}: values are chosen by ${possible.join(', ')}`);
    const values = await this.ask(history, (store) => store.distinct(table, column, filters, 1000));
    return { column, values: [...values] };
  }

  /** @throws {NotFoundException} */
  private history(environment: string): EnvironmentHistory {
    this.environments.get(environment);
    const history = this.histories.get(environment);
    if (history !== undefined) return history;
    throw new NotFoundException(
      'there is no history here: MOOLA_HISTORY is off, or MOOLA_HISTORY_FOLDER is not set (mode distributed)',
    );
  }

  /** @throws {ServiceUnavailableException} where history cannot answer now */
  private async ask<T>(history: EnvironmentHistory, work: (store: HistoryStore) => Promise<T>): Promise<T> {
    try {
      return await work(history.open());
    } catch (error) {
      if (error instanceof HistoryClosedError) throw new ServiceUnavailableException(error.message);
      if (error instanceof SlowQueryError)
        throw new ServiceUnavailableException(
          `${error.message}: ask for a shorter time, one model, or a longer resolution`,
        );
      if (error instanceof DamagedHistoryError) {
        history.foundDamaged(error);
        throw new ServiceUnavailableException('the file of history is damaged, and is being built again: ask later');
      }
      throw error;
    }
  }
}

/** @throws {NotFoundException} that names what there is */
function tableOf(name: string): Table {
  const table = tables.find((each) => each.name === name);
  if (table !== undefined) return table;
  const names = tables.map((each) => each.name);
  const near = nearest(name.slice(0, 80), names);
  throw new NotFoundException(
    `history has no table "${name.slice(0, 80)}"${near ? `: did you mean ${near}?` : ''}; there are ${names.join(', ')}`,
  );
}

/**
 * Which rows are asked for, within what there is.
 * @throws {BadRequestException}
 */
async function placed(
  store: HistoryStore,
  table: Table,
  query: HistoryQuery,
  clockMs: number | null,
): Promise<RowsQuery> {
  const { filters, columns, newestFirst } = query;
  const span = await store.span(table, filters);
  const nowMs = Math.max(clockMs ?? -Infinity, span?.newestMs ?? -Infinity);
  const endMs = nowMs === -Infinity ? 0 : nowMs + 1;
  const toMs = query.toMs ?? endMs;
  const fromMs = query.fromMs ?? toMs - dayMs;
  // Of a hundred years only those are divided into points of which there is something.
  const within = {
    fromMs: Math.max(fromMs, span?.oldestMs ?? fromMs),
    toMs: Math.min(toMs, Math.max(endMs, fromMs + 1)),
  };
  const bounded = within.fromMs < within.toMs ? within : { fromMs: toMs - 1, toMs };
  const rows = { table, filters, columns, newestFirst };
  if (table.kind === 'rows') return { ...rows, ...bounded };
  const { resolutionMs } = query;
  const chosen =
    resolutionMs === null
      ? chooseBuckets(table, bounded, nowMs)
      : { lengthMs: resolutionMs, stored: storedFor(resolutionMs) };
  const points = pointsOf(bounded, chosen.lengthMs);
  if (query.format === 'json' && points > mostPoints) {
    const { lengthMs } = chooseBuckets(table, bounded, nowMs);
    throw new BadRequestException(
      `resolution: ${points} points a series; ${mostPoints} are the most: ask for ${lengthMs} ms or more, a shorter time, or a file (format=parquet)`,
    );
  }
  const kept = shortestKept(table, bounded.fromMs, nowMs);
  if (resolutionMs !== null && chosen.stored < kept) {
    throw new BadRequestException(
      `resolution: at ${new Date(bounded.fromMs).toISOString()} only buckets of ${kept} ms are kept: ask for a whole number of them, or for a later time`,
    );
  }
  // Whole buckets: the first and the last would say too little otherwise.
  const { lengthMs } = chosen;
  return {
    ...{ ...rows, buckets: chosen, fromMs: Math.floor(bounded.fromMs / lengthMs) * lengthMs },
    toMs: Math.ceil(bounded.toMs / lengthMs) * lengthMs,
  };
}

async function answer(
  store: HistoryStore,
  asked: RowsQuery,
  query: HistoryQuery,
  clockMs: number | null,
): Promise<HistoryRowsView> {
  const { table, fromMs, toMs, buckets, columns } = asked;
  const { limit, after } = query;
  const rows = await store.page({ ...asked, limit: limit + 1, after });
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const keptMs = table.kind === 'rows' ? table.keptMs : table.kept.hoursMs;
  return {
    ...{ table: table.name, fromMs, toMs, resolutionMs: buckets?.lengthMs ?? null },
    keptFromMs: clockMs === null ? null : keptFromMs(clockMs, keptMs),
    rows: shown.map((row) => inJson(table, columns, row)),
    next: rows.length > limit && last !== undefined ? cursorOf(table, last) : null,
  };
}

function inJson(table: Table, columns: readonly string[], row: Row): Record<string, Value> {
  const shown: Record<string, Value> = {};
  for (const { name, type } of columnsOf(table)) {
    if (!columns.includes(name)) continue;
    const value = row[name] ?? null;
    if (type === 'instant') shown[`${name}Ms`] = value;
    else shown[name] = type === 'json' && value !== null ? (JSON.parse(String(value)) as Value) : value;
  }
  return shown;
}

/** Sends a file, and removes it. */
function sent(file: string, type: string, name: string): StreamableFile {
  const stream = createReadStream(file);
  stream.once('close', () => void rm(file, { force: true }));
  const safe = name.replace(/[^\w.-]/g, '_');
  return new StreamableFile(stream, { type, disposition: `attachment; filename="${safe}"` });
}

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { receive } from '@moola/collector/receive/domain/receive';
import { timeZone } from '@moola/contracts/instants/time-zone';
import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { readLog as readLogOf, type LoggedEvent, type LogReadingOptions } from './log-reader.js';

/** Files that pyarrow has written: parquet-logs/make.py. */
const folder = fileURLToPath(new URL('parquet-logs', import.meta.url));

async function readLog(name: string, options: Partial<LogReadingOptions> = {}) {
  const events: LoggedEvent[] = [];
  const reading = await readLogOf(join(folder, `${name}.parquet`), {
    ...{ model: 'm', clocks: null, take: (event) => void events.push(event) },
    receive: (event, nowMs) =>
      receive(event, { nowMs, horizonMs: Number.MAX_SAFE_INTEGER, replaceIdentifier: null, contentId: () => '' }),
    ...options,
  });
  const said = reading.ok ? reading.refused.list() : reading.problems;
  return { ok: reading.ok, events, said: said.map((text) => text.slice(folder.length + 1)) };
}

const startMs = Date.UTC(2026, 0, 31, 12);
const predictions = (events: readonly LoggedEvent[]) =>
  events.flatMap(({ row }) => (row.kind === 'prediction' ? [row] : []));
const outcomes = (events: readonly LoggedEvent[]) =>
  events.flatMap(({ row, timeMs }) =>
    row.kind === 'event' && row.event.kind.case === 'outcome' ? [{ timeMs, ...row.event.kind.value }] : [],
  );

describe('a log as Parquet', () => {
  it.each(['none', 'snappy', 'gzip', 'zstd', 'brotli', 'lz4', 'groups'])(
    'gives what its columns say, written as %s',
    async (name) => {
      for (const takesPlainRows of [false, true]) {
        const { events, said } = await readLog(name, { takesPlainRows });
        expect(said).toEqual([]);
        const rows = predictions(events);
        expect(rows.map(({ timeMs }) => timeMs - startMs)).toEqual([250, 1250, 2250, 3250, 4250, 5250]);
        expect(rows.map(({ input, version }) => `${input} ${version}`)).toEqual([
          '0 v1',
          '1 v1',
          '2 v1',
          '3 v2',
          '4 v2',
          '5 v2',
        ]);
        expect(rows.map((row) => row.class)).toEqual(['1', '0', '1', '1', '0', '1']);
        expect(rows.map(({ score }) => score)).toEqual([0.9, 0.1, NaN, 0.75, NaN, 0.5]);
        expect(rows.map(({ latencyMs }) => latencyMs)).toEqual([12.5, 13, 14, 15, 16, 17]);
        expect(rows.map(({ error }) => error)).toEqual(['', '', 'timeout', '', '', '']);
        expect(rows.map(({ role }) => role)).toEqual([
          Role.PRIMARY,
          Role.PRIMARY,
          Role.PRIMARY,
          Role.SHADOW,
          Role.SHADOW,
          Role.SHADOW,
        ]);
        expect(rows.map(({ segments }) => segments['country'])).toEqual(['DE', 'DE', undefined, 'FR', 'FR', 'FR']);
        expect(rows.map(({ features }) => features['age'])).toEqual([30, 31, 32, 33, 34, 35]);
        // A missing truth is no outcome, and 1.0 is the class "1".
        expect(outcomes(events).map(({ input, truth, timeMs }) => [input, truth, timeMs - startMs])).toEqual(
          [0, 1, 3, 4, 5].map((i) => [`${i}`, ['1', '0', '', '0', '1', '1'][i], 300_000 + 1000 * i]),
        );
      }
    },
  );

  it('reads times as text, with their offset', async () => {
    const { events, said } = await readLog('text-times');
    expect(said).toEqual([]);
    expect(predictions(events)[1]?.timeMs).toBe(startMs + 1250);
  });

  it.each(['local', 'int96'])('refuses times without a zone unless it is told which (%s)', async (name) => {
    const { events, said } = await readLog(name);
    expect(events).toEqual([]);
    expect(said[0]).toMatch(/parquet: row 1: time: "2026-01-31T12:00:00.250" has no time zone.*--time-zone/);
    const berlin = await readLog(name, { clocks: timeZone('Europe/Berlin') });
    expect(predictions(berlin.events)[0]?.timeMs).toBe(startMs + 250 - 3_600_000);
  });

  it('leaves a bad row out, and says which', async () => {
    const { events, said } = await readLog('one-bad-row');
    expect(said).toEqual(['one-bad-row.parquet: row 2: version: is empty']);
    expect(predictions(events).map(({ input }) => input)).toEqual(['0', '2', '3', '4', '5']);
  });

  it('without rows gives none', async () => {
    expect(await readLog('empty')).toEqual({ ok: true, events: [], said: [] });
  });

  it.each<[string, readonly string[]]>([
    [
      'wrong-types',
      [
        'the column "time" holds whole numbers: it must be a TIMESTAMP (or text such as 2026-01-31T12:00:00Z)',
        'the column "version" holds numbers with a fraction: it must be text, or whole numbers',
        'the column "role" holds whole numbers: it must be text',
        'the column "score" holds text: it must be a number (DOUBLE, FLOAT, INT64, INT32, DECIMAL)',
        'the column "known_at" is DATE, which is not read',
      ],
    ],
    ['nested', ['"segments" is no column; known are time, input, version, model']],
    [
      'segment-nested',
      [
        'the column "segment.country" holds nested values: give each a column of its own (segment.<name>, feature.<name>)',
      ],
    ],
    ['index', ['"__index_level_0__" is the index of a data frame: leave it out (pandas: index=False)']],
    ['lzo', ['is compressed with LZO, which is not supported: write it with ZSTD, SNAPPY or GZIP']],
    ['cut-off', ['cannot be read as Parquet: ']],
    ['damaged', ['cannot be read as Parquet: ']],
    ['text', ['cannot be read as Parquet: ']],
  ])('is not read where it cannot be, and says why: %s', async (name, problems) => {
    const { ok, said } = await readLog(name);
    expect(ok).toBe(false);
    expect(said).toHaveLength(problems.length);
    problems.forEach((problem, i) => expect(said[i]).toContain(`${name}.parquet: ${problem}`));
  });
});

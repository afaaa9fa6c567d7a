import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { contentId } from '@moola/collector/receive/event-id';
import { receive } from '@moola/collector/receive/domain/receive';
import type { IntakeRow } from '@moola/contracts/rows';
import { readLog, type LoggedEvent } from './log-reader.js';
import { QuickCsvRow } from './quick-csv-row.js';

const folder = mkdtempSync(join(tmpdir(), 'moola-quick-'));
afterAll(() => rmSync(folder, { recursive: true }));

const columns = [
  'time',
  'input',
  'version',
  'model',
  'build',
  'role',
  'class',
  'score',
  'value',
  'latency_ms',
  'cost_usd',
  'experiment_arm',
  'unit',
];
const header = [...columns, 'error', 'truth', 'known_at', 'segment.country', 'segment.Land', 'feature.age'];
const plain: Readonly<Record<string, string>> = {
  ...{ time: '2026-01-31T12:00:00Z', input: 'a', version: 'v1', class: '1', score: '0.5', latency_ms: '12' },
};
const known = { truth: '1', known_at: '2026-01-31T12:30:00.250Z' };

/** What is read of a log, and refused. */
async function read(text: string, takesPlainRows: boolean) {
  const path = join(folder, 'log.csv');
  writeFileSync(path, text);
  const events: (LoggedEvent & { readonly id: string })[] = [];
  const reading = await readLog(path, {
    ...{ model: 'm', clocks: null, takesPlainRows },
    receive: (event, nowMs) =>
      receive(event, { nowMs, horizonMs: Number.MAX_SAFE_INTEGER, replaceIdentifier: null, contentId: () => '' }),
    take: ({ row, ...event }) => {
      const plain: IntakeRow = row.kind === 'prediction' ? row : { kind: 'event', event: row.event };
      events.push({ ...event, row: plain, id: contentId(row) });
      // By whichever way it was read.
      expect(contentId(plain)).toBe(contentId(row));
    },
  });
  return { events: structuredClone(events), refused: reading.ok ? reading.refused.list() : reading.problems };
}

const numbers = ['0', '-0', '1', '.5', '1e3', '1e999', '-1', '12000000', '0x1', 'NaN', ' 1', '1e300'];
const texts = ['ü', 'x'.repeat(300), 'x'.repeat(2000), 'a\u0007b', 'zwj\u200d', '__proto__', '\ufffd'];
const times = [
  ...['2026-01-31T12:00:00.123456789Z', '2026-01-31T13:00:00+01:00', '2026-01-31 12:00:00Z', '1969-12-31T23:59:59Z'],
  ...['2026-02-30T12:00:00Z', '2026-01-31T12:00:00', '12', '9999-12-31T23:59:59Z', '0001-01-01T00:00:00Z'],
];
const variants: readonly Readonly<Record<string, string>>[] = [
  {},
  known,
  { ...known, known_at: '' },
  { ...known, known_at: '2026-01-31T12:30:00' },
  { known_at: 'never' },
  ...['primary', 'shadow', 'canary', 'PRIMARY', 'constructor'].map((role) => ({ role })),
  ...['score', 'value', 'latency_ms', 'cost_usd', 'feature.age'].flatMap((name) =>
    numbers.map((text) => ({ [name]: text })),
  ),
  ...[
    'input',
    'version',
    'model',
    'build',
    'class',
    'error',
    'experiment_arm',
    'unit',
    'segment.country',
    'segment.Land',
  ].flatMap((name) => [...texts, ''].map((text) => ({ [name]: text }))),
  ...texts.map((text) => ({ ...known, truth: text })),
  ...times.flatMap((time) => [{ time }, { ...known, known_at: time }]),
  { 'segment.country': 'de', 'segment.Land': 'fr', 'feature.age': '-3.5', build: 'b2', error: 'timeout', class: '' },
];

describe('rows that are plainly right', () => {
  it('are read to the same as by the general way, and all others are left to it', async () => {
    // Each row another input: they do not speak of each other.
    const rows = variants.map((variant, index) =>
      header.map((name) => ({ ...plain, input: `i${index}`, ...variant })[name] ?? '').join(','),
    );
    const text = [header.join(','), ...rows].join('\n');
    const expected = await read(text, false);
    expect(await read(text, true)).toEqual(expected);
    expect(expected.refused.length).toBeGreaterThan(10);
    expect(expected.events.length).toBeGreaterThan(50);
  });

  it('are most rows', () => {
    const quick = new QuickCsvRow(['time', 'input', 'version', 'truth', 'known_at'], 'm');
    expect(quick.read(['2026-01-31T12:00:00Z', 'a', 'v1', '1', '2026-01-31T12:30:00Z'])).toMatchObject({ input: 'a' });
    expect(quick.outcome().timeMs).toBe(Date.UTC(2026, 0, 31, 12, 30));
    expect(quick.read(['2026-01-31T12:00:00', 'a', 'v1', '', ''])).toBeNull();
  });
});

import { create, toJsonString } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { predictionRow } from '@moola/collector/receive/domain/prediction-row';
import { mulberry32 } from '@moola/contracts/mulberry32';
import { EventSchema, PredictionSchema } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { PlainOutcome } from '@moola/contracts/plain-outcome';
import type { IntakeRow } from '@moola/contracts/rows';
import { RowsByTime, type TimedRow } from './rows-by-time.js';
import { tableOutcome } from './table-outcome.js';

const stepMs = 60_000;

const prediction = (input: string): IntakeRow =>
  predictionRow(
    '',
    'log',
    create(PredictionSchema, { model: 'm', version: 'v1', input, score: 0.5, segments: { a: 'b' } }),
  );
const event = (input: string, kind: 'outcome' | 'deployment'): IntakeRow => {
  const value = kind === 'outcome' ? { model: 'm', input } : { model: 'm', version: input };
  return { kind: 'event', event: create(EventSchema, { source: 'log', kind: { case: kind, value } as never }) };
};
const nameOf = (row: IntakeRow) => {
  if (row.kind === 'prediction') return `prediction ${row.input} ${row.score} ${row.segments['a'] ?? ''}`;
  const { kind } = row.event;
  if (kind.case === 'outcome') return `outcome ${kind.value.input} ${toJsonString(EventSchema, row.event)}`;
  return kind.case === 'deployment' ? `deployment ${kind.value.version}` : '';
};
const namesOf = (rows: Iterable<TimedRow>) => [...rows].map(({ timeMs, row }) => `${timeMs} ${nameOf(row)}`);
const rank = (row: IntakeRow) => (row.kind === 'prediction' ? 1 : row.event.kind.case === 'deployment' ? 0 : 2);
const step = ({ timeMs }: TimedRow) => Math.floor(timeMs / stepMs);

function readBack(rows: readonly TimedRow[]): string[] {
  const sorted = new RowsByTime(stepMs);
  try {
    for (const row of rows) sorted.add(row);
    const names = namesOf(sorted.inOrder());
    // As often as one likes.
    expect(namesOf(sorted.inOrder()).join() === names.join()).toBe(true);
    return names;
  } finally {
    sorted.close();
  }
}

const inOrder = (rows: readonly TimedRow[]) =>
  namesOf([...rows].sort((a, b) => step(a) - step(b) || rank(a.row) - rank(b.row) || a.timeMs - b.timeMs));

describe('rows by time', () => {
  it('come by step, kind and time, and then as they came', () => {
    const rows = [
      { timeMs: 61_000, row: prediction('c') },
      { timeMs: 59_000, row: event('a', 'outcome') },
      { timeMs: 59_500, row: prediction('b') },
      { timeMs: 59_500, row: prediction('a') },
      { timeMs: 59_900, row: event('v1', 'deployment') },
    ];
    expect(readBack(rows).map((name) => name.split(' ')[2])).toEqual(['v1', 'b', 'a', 'a', 'c']);
    expect(readBack([])).toEqual([]);
  });

  it.each([
    ['in order, with outcomes half an hour later', (i: number) => i * 500, 15_000],
    ['in any order', (i: number, random: () => number) => Math.floor(random() * i * 100), 12_000],
    ['backwards', (i: number) => 40_000_000 - i * 1000, 12_000],
  ])('are more than memory holds: %s', (_title, timeOf, count) => {
    const words = mulberry32(7);
    const random = () => words() / 2 ** 32;
    const rows = Array.from({ length: count }, (_, i): TimedRow[] => {
      const timeMs = timeOf(i, random);
      const made = { timeMs, row: prediction(`i${i}`) };
      return i % 3 === 0 ? [made, { timeMs: timeMs + 1_800_000, row: event(`i${i}`, 'outcome') }] : [made];
    }).flat();
    const [found, expected] = [readBack(rows), inOrder(rows)];
    expect(found).toHaveLength(expected.length);
    expect(found.filter((name, place) => name !== expected[place])).toEqual([]);
  });

  it('that are alike come as they came, also where a later run begins earlier', () => {
    const rows = Array.from({ length: 8192 }, (_, i): TimedRow => {
      return { timeMs: i === 4096 ? 1000 : 61_000, row: prediction(`i${i}`) };
    });
    const [found, expected] = [readBack(rows), inOrder(rows)];
    expect(found.filter((name, place) => name !== expected[place])).toEqual([]);
  });

  it('are the same when they come back, outcomes of every kind too', () => {
    const sent = (value: object, more: object = { source: 'log' }): IntakeRow => ({
      kind: 'event',
      event: create(EventSchema, {
        ...more,
        kind: { case: 'outcome', value: { model: 'm', input: 'i', ...value } as never },
      }),
    });
    const knownAt = { seconds: 1n, nanos: 250_000_000 };
    const kinds: readonly IntakeRow[] = [
      tableOutcome('m', 'größe', '1', 1250),
      tableOutcome('other', 'i', 'ü', 1250),
      // At another time than it is known.
      tableOutcome('m', 'i', '1', 7),
      tableOutcome('m', 'i', '1', 1250).with('id', 'i'),
      sent({ truth: '1', knownAt }),
      new PlainOutcome('', 'log', 'm', 'i', 1, 250_000_000, '1', undefined, 2),
      new PlainOutcome('', 'log', 'm', 'i', 1, 250_000_000, '', 0.25, 0),
      new PlainOutcome('', 'elsewhere', 'm', 'i', 1, 250_000_000, '1', undefined, 0),
      sent({ truth: '1', knownAt, revision: 3 }),
      sent({ value: 0.5, knownAt }),
      sent({ truth: '1', knownAt, prediction: { model: 'm', version: 'v1' } }),
      sent({ truth: '1', knownAt }, { source: 'other' }),
      prediction('i'),
      event('v1', 'deployment'),
    ];
    const rows = Array.from({ length: 5000 }, (_, i): TimedRow => ({ timeMs: 1250, row: kinds[i % kinds.length]! }));
    const [found, expected] = [readBack(rows), inOrder(rows)];
    expect(found.filter((name, place) => name !== expected[place])).toEqual([]);
    expect(new Set(expected).size).toBe(kinds.length);
  });
});

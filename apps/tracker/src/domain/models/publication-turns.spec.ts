import { describe, expect, it } from '@jest/globals';
import { Comparator } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { BudgetVerdict, type Snapshot } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import type { ObservationRow } from '@moola/contracts/rows';
import { runProcessor, type RunOptions, type TestRow } from '@moola/testing/run-processor';
import { linesOf } from '../../testing/lines-of.js';
import { predictionRow } from '../../testing/observation-rows.js';
import { minuteMs, ruleDefinition } from '../../testing/tracker-story.js';
import { createTracker } from '../tracker.js';

const beginMs = 1_000_000 * minuteMs;
const tickMs = 100;
/** A hundred a second. */
const turnsATick = 10;
const many = 35;
const nameOf = (i: number): string => `model-${String(i).padStart(2, '0')}`;

/** A tick, then every 100 ms one prediction each of these models and a tick. */
function rowsOf(
  steps: readonly (readonly number[])[],
  errorOf = (_model: number) => '',
  latencyMs = 5,
): TestRow<ObservationRow>[] {
  return [
    { tick: beginMs },
    ...steps.flatMap((models, step): TestRow<ObservationRow>[] => {
      const nowMs = beginMs + step * tickMs;
      const predictions = models.map((i) => ({
        data: predictionRow({ model: nameOf(i), version: 'v1', timeMs: nowMs, error: errorOf(i), latencyMs }),
      }));
      return [...predictions, { tick: nowMs + tickMs }];
    }),
  ];
}

/** The second tick is that of the first again. */
function withTickTwice(rows: TestRow<ObservationRow>[]): TestRow<ObservationRow>[] {
  let ticks = 0;
  return rows.map((row) => ('tick' in row && ++ticks === 3 ? { tick: beginMs + tickMs } : row));
}

const named = (models: readonly number[]): string[] => models.map(nameOf);
const all = Array.from({ length: many }, (_, i) => i);

function run(rows: readonly TestRow<ObservationRow>[], options: RunOptions = {}): Snapshot[] {
  return runProcessor(createTracker({ windowsMs: [minuteMs] }), rows, options).flatMap(({ topic, content }) =>
    topic === 'snapshots' && content.kind === 'data' ? [content.value as Snapshot] : [],
  );
}

/** By tick: of which models something of a kind was published, in order. */
function publishedAt(snapshots: readonly Snapshot[], what: Snapshot['kind']['case'] = 'counts'): string[][] {
  const ticks: string[][] = [];
  for (const { atMs, model, kind } of snapshots) {
    if (kind.case === what) (ticks[(atMs - beginMs) / tickMs - 1] ??= []).push(model);
  }
  return ticks;
}

describe('publication', () => {
  it('takes so many models a tick, in order of names, until all have had their turn', () => {
    const ticks = publishedAt(run(rowsOf([all, [], [], [], []])));
    expect(ticks).toEqual([0, 10, 20, 30].map((from) => named(all.slice(from, from + turnsATick))));
  });

  it('lets those go first that have waited the longest, whoever comes first by name', () => {
    const ticks = publishedAt(run(rowsOf([all.slice(20), all.slice(0, 10), [], []])));
    expect(ticks).toEqual([all.slice(20, 30), [...all.slice(0, 5), ...all.slice(30)], all.slice(5, 10)].map(named));
  });

  it('publishes what has been counted until the turn, once', () => {
    const snapshots = run(rowsOf([all, all, all, all, [], [], []]));
    const last = snapshots.filter(({ model, kind }) => model === nameOf(34) && kind.case === 'counts');
    expect(last.map(({ kind }) => kind.case === 'counts' && kind.value.predictions)).toEqual([4]);
  });

  it('makes no alert wait', () => {
    const rule = ruleDefinition('Errors', {
      model: '',
      metric: 'error_rate',
      comparator: Comparator.ABOVE,
      limit: 0.5,
    });
    const rows = [{ definition: rule }, ...rowsOf([all, []], (i) => (i === 34 ? 'timeout' : ''))];
    const alert = run(rows).find(({ kind }) => kind.case === 'alert' && kind.value.rule === 'Errors');
    expect(alert).toMatchObject({ model: nameOf(34), atMs: beginMs + tickMs });
  });

  it('says in their turn of which versions nothing is known yet, or who serves', () => {
    const budgets = run(rowsOf([all, [], [], [], []])).filter(({ kind }) => kind.case === 'budget');
    expect(publishedAt(budgets, 'budget')).toEqual(
      [0, 10, 20, 30].map((from) => named(all.slice(from, from + turnsATick))),
    );
    for (const { kind } of budgets) expect(kind.value).toMatchObject({ serving: true, verdict: BudgetVerdict.UNKNOWN });
  });

  it('makes no verdict wait', () => {
    const samples = new Array<number>(30).fill(34);
    const rows = rowsOf([[...all, ...samples], []], () => '', 100);
    const told = run(rows).filter(({ model, kind }) => model === nameOf(34) && kind.case === 'budget');
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({ atMs: beginMs + tickMs, kind: { value: { serving: true } } });
    expect(told[0]?.kind.value).toHaveProperty(
      'lines',
      expect.arrayContaining([expect.objectContaining({ metric: 'latency_p95', verdict: BudgetVerdict.OUT })]),
    );
  });

  it('makes nobody wait in a replay, whose ticks are far apart', () => {
    const rows = rowsOf([all]).map((row) => ('tick' in row && row.tick > beginMs ? { tick: beginMs + minuteMs } : row));
    expect(run(rows).filter(({ kind }) => kind.case === 'counts')).toHaveLength(many);
  });

  it('publishes what time alone has changed, also after a restart while it waits', () => {
    const later = [59_900, 60_000, 60_100, 60_200, 60_300, 60_400].map((ms) => ({ tick: beginMs + ms }));
    const rows = [...rowsOf([all]), ...later];
    const windowsOf = (snapshots: readonly Snapshot[]): number =>
      snapshots.filter(({ kind, atMs }) => kind.case === 'window' && atMs > beginMs + 60_000).length;
    const expected = windowsOf(run(rows));
    expect(expected).toBeGreaterThanOrEqual(many);
    expect([...rows.keys()].map((index) => windowsOf(run(rows, { restartBefore: new Set([index]) })))).toEqual(
      rows.map(() => expected),
    );
  });

  it.each([
    ['', rowsOf([all, [0, 20, 34], all.slice(5), [], [1, 2], [], [], []])],
    // More come to wait at a tick that has been.
    [', when a tick comes twice', withTickTwice(rowsOf([all, all.slice(0, 10), [], [], []]))],
  ])('goes on after a restart as if there had been none%s', (_, rows) => {
    const expected = linesOf(run(rows));
    for (const index of rows.keys()) {
      expect(linesOf(run(rows, { restartBefore: new Set([index]) }))).toEqual(expected);
    }
  });
});

import { describe, expect, it } from '@jest/globals';
import {
  Comparator,
  Severity,
  type BudgetLine,
  type Definition,
  type SegmentMatch,
} from '@moola/contracts/gen/moola/v1/definitions_pb';
import { AlertState, type AlertTransition, type Snapshot } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import type { ObservationRow } from '@moola/contracts/rows';
import { runProcessor, type RunOptions, type TestRow } from '@moola/testing/run-processor';
import { labelledRow, predictionRow } from '../../testing/observation-rows.js';
import { minuteMs, modelDefinition, ruleDefinition } from '../../testing/tracker-story.js';
import { createTracker } from '../tracker.js';

const beginMs = 1_000_000 * minuteMs;
const tracker = createTracker({ windowsMs: [minuteMs] });

type Row = TestRow<ObservationRow>;
type Fields = Parameters<typeof ruleDefinition>[1];

/** Accuracy below a half over two minutes, for a minute, of each country that fits. */
const byCountry = (match: Partial<SegmentMatch> = {}, fields: Fields = {}, name = 'ByCountry'): Definition =>
  ruleDefinition(name, {
    ...{ metric: 'accuracy', comparator: Comparator.BELOW, limit: 0.5, windowMs: 2 * minuteMs, minimumSamples: 5 },
    ...{ forMs: minuteMs, keepFiringForMs: minuteMs, severity: Severity.WARNING },
    match: { segment: { key: 'country', value: ['*'], others: false, mostAlerts: 20, ...match } },
    ...fields,
  });

const model = (fields: Parameters<typeof modelDefinition>[0] = {}): Definition =>
  modelDefinition({ budget: { windowMs: 5 * minuteMs, lines: [] }, ...fields });

/** Ten labels of each country in a minute: all wrong of those in capitals, else all right. Then a tick. */
function minute(at: number, countries: readonly string[]): Row[] {
  const timeMs = beginMs + at * minuteMs + 1000;
  const rows = countries.flatMap((country) => {
    const segments = { country: country.toLowerCase() };
    const truth = country === country.toUpperCase() ? '0' : '1';
    return Array.from({ length: 10 }, (): Row[] => [
      { data: predictionRow({ timeMs, segments }) },
      { data: labelledRow({ knownAtMs: timeMs, segments, truth }) },
    ]).flat();
  });
  return [...rows, { tick: beginMs + (at + 1) * minuteMs + 1 }];
}

const minutes = (from: number, to: number, countries: readonly string[]): Row[] =>
  Array.from({ length: to - from }, (_, i) => minute(from + i, countries)).flat();

function snapshots(rows: readonly Row[], options?: RunOptions): Snapshot['kind'][] {
  return runProcessor(tracker, rows, options).flatMap(({ topic, content }) =>
    topic === 'snapshots' && content.kind === 'data' ? [(content.value as Snapshot).kind] : [],
  );
}

const alerts = (rows: readonly Row[], options?: RunOptions): AlertTransition[] =>
  snapshots(rows, options).flatMap((kind) => (kind.case === 'alert' ? [kind.value] : []));

const about = ({ segment }: AlertTransition): string | undefined =>
  segment && `${segment.key}=${segment.other ? '(others)' : segment.value}`;

/** `ByCountry country=de → FIRING, condition held`. */
const told = (rows: readonly Row[], options?: RunOptions): string[] =>
  alerts(rows, options).map((alert) =>
    [alert.rule, about(alert), '→', `${AlertState[alert.to]},`, alert.reason].filter(Boolean).join(' '),
  );

const ends = (rows: readonly Row[]): string[] => told(rows).filter((text) => !text.includes('PENDING'));

describe('a rule on segments by pattern', () => {
  it('has an alert for each segment that fits, which names it', () => {
    const rows = [
      { definition: model() },
      { definition: byCountry({ value: ['*', '!=test'] }, { labels: { team: 'growth' } }) },
      ...minutes(0, 3, ['DE', 'FR', 'it', 'TEST']),
      ...minutes(3, 8, ['de', 'FR', 'it', 'TEST']),
    ];
    expect(ends(rows)).toEqual([
      'ByCountry country=de → FIRING, condition held',
      'ByCountry country=fr → FIRING, condition held',
      'ByCountry country=de → RESOLVED, recovered',
    ]);
    expect(alerts(rows).find(({ to }) => to === AlertState.FIRING)).toMatchObject({
      ...{ rule: 'ByCountry', version: 'v1', figure: { metric: 'accuracy', value: 0 } },
      segment: { key: 'country', value: 'de' },
      definition: { segment: { key: 'country', value: 'de' }, labels: { team: 'growth', country: 'de' } },
    });
  });

  it('watches segments that come later, though all others have too few samples to be looked at', () => {
    const late = [{ definition: model() }, { definition: byCountry() }, ...minutes(0, 2, []), ...minutes(2, 5, ['DE'])];
    expect(ends(late)).toEqual(['ByCountry country=de → FIRING, condition held']);
    // Nothing is known of segments when the first events come, in parts of a minute that alone decide nothing.
    const row = (i: number): Row[] => [
      { data: predictionRow({ timeMs: beginMs + i * 5000, segments: { country: 'de' } }) },
      { data: labelledRow({ knownAtMs: beginMs + i * 5000, segments: { country: 'de' }, truth: '0' }) },
      { tick: beginMs + i * 5000 + 1 },
    ];
    const line = { metric: 'accuracy', comparator: Comparator.BELOW, limit: 0.1, gate: true, minimumSamples: 1000 };
    const slow = [
      { definition: model({ budget: { windowMs: 5 * minuteMs, lines: [line] } }) },
      { definition: byCountry() },
      // Judged while there is no segment.
      { data: predictionRow({ timeMs: beginMs }) },
      { tick: beginMs + 1 },
      ...Array.from({ length: 40 }, (_, i) => row(i)).flat(),
    ];
    expect(ends(slow)).toEqual(['ByCountry country=de → FIRING, condition held']);
  });

  it('takes what counts all others together only where it is asked to', () => {
    const rows = (others: boolean): Row[] => [
      { definition: model({ segments: { most: 1 } }) },
      { definition: byCountry({ others }) },
      ...minutes(0, 3, ['it', 'DE', 'FR']),
    ];
    expect(ends(rows(false))).toEqual([]);
    expect(ends(rows(true))).toEqual(['ByCountry country=(others) → FIRING, condition held']);
    const [alert] = alerts(rows(true));
    expect(alert?.definition?.labels).toEqual({ country: '(others)' });
  });

  it('has no more alerts firing than it may: the next waits until one has ended', () => {
    const rows = [
      { definition: model() },
      { definition: byCountry({ mostAlerts: 2 }) },
      ...minutes(0, 4, ['AT', 'BE', 'CZ']),
      ...minutes(4, 9, ['at', 'BE', 'CZ']),
    ];
    expect(ends(rows)).toEqual([
      'ByCountry country=at → FIRING, condition held',
      'ByCountry country=be → FIRING, condition held',
      'ByCountry country=at → RESOLVED, recovered',
      'ByCountry country=cz → FIRING, condition held',
    ]);
    const waiting = alerts(rows).find(({ inhibitedBy }) => inhibitedBy !== '');
    expect(waiting).toMatchObject({ to: AlertState.PENDING, inhibitedBy: 'ByCountry', segment: { value: 'cz' } });
  });

  it('lets one that waits fire at the next tick, though nothing happens, where its turn came before the one that ended', () => {
    const rows = [
      { definition: model() },
      { definition: byCountry({ mostAlerts: 1 }) },
      ...minutes(0, 3, ['at', 'BE']),
      ...minutes(3, 5, ['AT', 'BE']),
      ...minutes(5, 7, ['AT', 'be']),
    ];
    const before = ['ByCountry country=be → FIRING, condition held', 'ByCountry country=be → RESOLVED, recovered'];
    expect(ends(rows)).toEqual(before);
    expect(ends([...rows, { tick: beginMs + 7 * minuteMs + 2 }])).toEqual([
      ...before,
      'ByCountry country=at → FIRING, condition held',
    ]);
  });

  it('is held back by an alert on the same segment, and by one on all of the traffic', () => {
    const everywhere = ruleDefinition('Everywhere', {
      ...{ metric: 'accuracy', comparator: Comparator.BELOW, limit: 0.5, windowMs: 2 * minuteMs, minimumSamples: 5 },
    });
    const slower = byCountry({}, { unless: ['ByCountry'], forMs: 2 * minuteMs }, 'Slower');
    const rows = (...definitions: Definition[]): Row[] => [
      { definition: model() },
      ...definitions.map((definition) => ({ definition })),
      ...minutes(0, 5, ['DE', 'fr', 'it']),
      ...minutes(5, 9, ['DE', 'FR', 'IT']),
    ];
    expect(ends(rows(byCountry({ value: ['de'] }), slower))).toEqual([
      'ByCountry country=de → FIRING, condition held',
      'Slower country=fr → FIRING, condition held',
      'Slower country=it → FIRING, condition held',
    ]);
    expect(ends(rows(everywhere, byCountry({}, { unless: ['Everywhere'] }))).slice(0, 3)).toEqual([
      'ByCountry country=de → FIRING, condition held',
      'Everywhere → FIRING, condition held',
    ]);
    // A rule on all of the traffic waits for any of them.
    const whole = ruleDefinition('Whole', {
      ...{ metric: 'accuracy', comparator: Comparator.BELOW, limit: 0.9, windowMs: 2 * minuteMs, minimumSamples: 5 },
      ...{ unless: ['ByCountry'], forMs: 2 * minuteMs },
    });
    expect(ends(rows(whole, byCountry({ value: ['de'] })))).toEqual(['ByCountry country=de → FIRING, condition held']);
    const waiting = alerts(rows(whole, byCountry({ value: ['de'] }))).filter(({ rule }) => rule === 'Whole');
    expect(waiting.at(-1)?.inhibitedBy).toBe('ByCountry');
  });

  it('ends the alert of a segment that has gone away, and keeps it where all data is missing', () => {
    const fires = [{ definition: model() }, { definition: byCountry() }, ...minutes(0, 3, ['DE', 'fr'])];
    expect(ends([...fires, ...minutes(3, 8, ['fr'])])).toEqual([
      'ByCountry country=de → FIRING, condition held',
      'ByCountry country=de → RESOLVED, ended',
    ]);
    const silent = snapshots([...fires, ...minutes(3, 8, [])]);
    expect(silent.flatMap((kind) => (kind.case === 'alertFigure' ? [kind.value] : []))).toMatchObject([
      { rule: 'ByCountry', segment: { key: 'country', value: 'de' } },
    ]);
    expect(ends([...fires, ...minutes(3, 8, [])])).toHaveLength(1);
    const asked = [{ definition: model() }, { definition: byCountry({}, { alertOnMissingAfterMs: 2 * minuteMs }) }];
    expect(told([...asked, ...minutes(0, 3, ['de', 'fr']), ...minutes(3, 8, ['fr'])])).toContain(
      'ByCountry country=de → FIRING, data missing',
    );
  });

  it('ends alerts on segments that it no longer watches, or when it is gone', () => {
    const fires = [{ definition: model() }, { definition: byCountry() }, ...minutes(0, 3, ['DE', 'FR'])];
    const then = (...definitions: Definition[]) =>
      ends([...fires, ...definitions.map((definition) => ({ definition })), ...minute(3, ['DE', 'FR'])]).slice(2);
    expect(then(byCountry({ value: ['de'] }))).toEqual(['ByCountry country=fr → RESOLVED, ended']);
    expect(then(model({ segments: { keys: ['tier'], most: 50 } }))).toEqual([
      'ByCountry country=de → RESOLVED, ended',
      'ByCountry country=fr → RESOLVED, ended',
    ]);
    const named = byCountry({}, { match: { model: ['M'] }, segment: { key: 'country', value: 'de' } });
    expect(then(named).slice(0, 2)).toEqual([
      'ByCountry country=de → RESOLVED, rule removed',
      'ByCountry country=fr → RESOLVED, rule removed',
    ]);
  });

  it('keeps the time that was spent pending where another definition means the same of a segment', () => {
    const rows = (after: Definition): Row[] => [
      { definition: model() },
      { definition: byCountry({}, { forMs: 3 * minuteMs }) },
      ...minutes(0, 2, ['DE']),
      { definition: after },
      ...minutes(2, 4, ['DE']),
    ];
    expect(ends(rows(byCountry({ value: ['d*'] }, { forMs: 3 * minuteMs })))).toEqual([
      'ByCountry country=de → FIRING, condition held',
    ]);
    expect(ends(rows(byCountry({ value: ['d*'] }, { forMs: 3 * minuteMs, limit: 0.4 })))).toEqual([
      'ByCountry country=de → INACTIVE, rule changed',
    ]);
  });

  it('has of 100,000 values as many alerts as segments are told apart, at most', () => {
    const timeMs = beginMs + 1000;
    const labels = Array.from({ length: 100_000 }, (_, i) => {
      const segments = { country: `c${i}` };
      return { data: labelledRow({ knownAtMs: timeMs, segments, truth: '0' }) };
    });
    const rows = [
      { definition: model() },
      { definition: byCountry({ mostAlerts: 1000 }, { minimumSamples: 1, forMs: 0 }) },
      { data: predictionRow({ timeMs }) },
      ...labels,
      { tick: beginMs + minuteMs },
    ];
    expect(ends(rows)).toHaveLength(50);
  });

  it('is no gate by itself, stands in for no budget line and is in no chart', () => {
    const line = {
      ...{ metric: 'accuracy', comparator: Comparator.BELOW, limit: 0.5, severity: Severity.CRITICAL, gate: true },
      ...{ minimumSamples: 5, alert: { forMs: 0, keepFiringForMs: 0, confidence: 0.95 } },
    } satisfies Partial<Omit<BudgetLine, 'alert'>> & { readonly alert: object };
    const onFrance = { ...line, segment: { key: 'country', value: 'fr' } };
    const rows = [
      { definition: model({ budget: { windowMs: 5 * minuteMs, lines: [line, onFrance] } }) },
      { definition: byCountry() },
      ...minutes(0, 3, ['DE', 'FR']),
    ];
    const firing = alerts(rows).filter(({ to }) => to === AlertState.FIRING);
    expect(firing.map(({ rule, segment, gate }) => [rule, segment?.value, gate])).toEqual([
      ['budget.accuracy', undefined, true],
      ['budget.accuracy.below-0.5.country-fr', undefined, true],
      ['ByCountry', 'de', false],
      ['ByCountry', 'fr', true],
    ]);
    const budgets = snapshots(rows).flatMap((kind) => (kind.case === 'budget' ? [kind.value] : []));
    expect(budgets.at(-1)?.limits.map(({ rule }) => rule)).toEqual(['budget.accuracy']);
  });

  it('says the same after restarts at any place', () => {
    const rows = [
      { definition: model({ segments: { most: 2 } }) },
      { definition: byCountry({ mostAlerts: 1, others: true }) },
      ...minutes(0, 4, ['AT', 'BE', 'CZ']),
      ...minutes(4, 8, ['at', 'BE', 'CZ']),
      ...minutes(8, 11, ['BE']),
    ];
    const restartBefore = new Set(rows.keys());
    expect(told(rows, { restartBefore })).toEqual(told(rows));
    expect(told(rows).length).toBeGreaterThan(5);
  });
});

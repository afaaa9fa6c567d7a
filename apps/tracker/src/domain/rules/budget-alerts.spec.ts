import { describe, expect, it } from '@jest/globals';
import { Comparator, Compare, Severity, type Definition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { AlertState, BudgetVerdict } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { modelDefinition, minuteMs, ruleDefinition, TrackerStory } from '../../testing/tracker-story.js';

const alert = { compare: Compare.FIGURE, confidence: 0.95, forMs: 5 * minuteMs, keepFiringForMs: 5 * minuteMs };
const latency = {
  metric: 'latency_p95',
  comparator: Comparator.ABOVE,
  limit: 80,
  severity: Severity.WARNING,
  minimumSamples: 10,
};

const declared = (limit = 80, gate = false): Definition =>
  modelDefinition({ budget: { windowMs: 2 * minuteMs, lines: [{ ...latency, limit, gate, alert }] } });

const latencyRule = (limit: number): Definition =>
  ruleDefinition('Slow', { metric: 'latency_p95', comparator: Comparator.ABOVE, limit, severity: Severity.CRITICAL });

/** Twenty predictions a minute of 155 ms, from one minute to the one before another. */
function slow(story: TrackerStory, from: number, to: number, latencyMs = 155): TrackerStory {
  for (let minute = from; minute < to; minute++) story.predict(minute, 20, { latencyMs }).tick(minute + 1);
  return story;
}

const alertsOf = (story: TrackerStory) => story.heard().filter((line) => line.includes('#'));

describe('a declared budget', () => {
  it('alerts when a line is out, though no rule was written', () => {
    const story = slow(new TrackerStory(declared()).deploy(0, 'v1'), 0, 7);
    slow(story, 7, 16, 20);
    expect(alertsOf(story)).toEqual([
      '1: budget.latency_p95 v1 #1 INACTIVE → PENDING since 1, condition held',
      '6: budget.latency_p95 v1 #2 PENDING → FIRING since 1, condition held',
      '14: budget.latency_p95 v1 #3 FIRING → RESOLVED since 1, recovered',
    ]);
    expect(story.transitions()[1]).toMatchObject({ severity: Severity.WARNING, limit: 80, gate: false });
  });

  it('does so as a gate where the line is one', () => {
    const story = slow(new TrackerStory(declared(80, true)).deploy(0, 'v1'), 0, 7);
    expect(story.transitions()[1]).toMatchObject({ rule: 'budget.latency_p95', gate: true });
  });

  it('rises with its levels, and is out from the mildest on', () => {
    const levels = [
      { severity: Severity.WARNING, limit: 80, forMs: 2 * minuteMs },
      { severity: Severity.CRITICAL, limit: 200, forMs: 2 * minuteMs },
    ];
    const lines = [{ ...latency, gate: true, alert: { ...alert, forMs: 2 * minuteMs, levels } }];
    const definition = modelDefinition({ budget: { windowMs: 2 * minuteMs, lines } });
    const story = slow(slow(new TrackerStory(definition).deploy(0, 'v1'), 0, 5), 5, 12, 400);
    expect(story.transitions().map(({ to, severity, limit }) => [to, severity, limit])).toEqual([
      [AlertState.PENDING, Severity.WARNING, 80],
      [AlertState.FIRING, Severity.WARNING, 80],
      [AlertState.FIRING, Severity.CRITICAL, 200],
    ]);
    const budgets = story.snapshots().flatMap(({ kind }) => (kind.case === 'budget' ? [kind.value] : []));
    expect(budgets.at(-1)?.lines[0]).toMatchObject({ verdict: BudgetVerdict.OUT, limit: 80, gate: true });
  });

  it('says with the version that serves at which figures rules alert, and says so anew when that has changed', () => {
    const levels = [
      { severity: Severity.WARNING, limit: 80, forMs: 0 },
      { severity: Severity.CRITICAL, limit: 200, forMs: 0 },
    ];
    const segment = { key: 'region', value: 'eu' };
    const rule = (name: string, fields: object) =>
      ruleDefinition(name, { metric: 'latency_p95', comparator: Comparator.ABOVE, limit: 80, ...fields });
    const story = slow(new TrackerStory(declared(90)).deploy(0, 'v1').deploy(0, 'v2', Role.SHADOW), 0, 1);
    for (const each of [
      rule('Rises', { levels }),
      rule('OnSegment', { segment }),
      rule('Silent', { onMissing: true }),
      rule('Shadows', { match: { role: ['shadow'] } }),
      rule('Doubled', { compare: Compare.RATIO_TO_BASELINE }),
    ]) {
      story.define(each);
    }
    slow(story, 1, 2);
    const budgets = story.snapshots().flatMap(({ kind }) => (kind.case === 'budget' ? [kind.value] : []));
    const limits = budgets.map(({ version, limits }) => [
      version,
      limits.map(({ rule: name, levels }) => [name, levels.map(({ severity, limit }) => [severity, limit])]),
    ]);
    expect(limits).toContainEqual(['v1', [['budget.latency_p95', [[Severity.WARNING, 90]]]]]);
    expect(limits.findLast(([version]) => version === 'v1')).toEqual([
      'v1',
      [
        [
          'Rises',
          [
            [Severity.WARNING, 80],
            [Severity.CRITICAL, 200],
          ],
        ],
      ],
    ]);
    expect(limits.filter(([version]) => version === 'v2')).toEqual(
      limits.filter(([version]) => version === 'v2').map(() => ['v2', []]),
    );
  });

  it('alerts by the rule that stands in for the line, and by both where that is laxer', () => {
    const rulesOf = (limit: number): string[] => {
      const story = slow(new TrackerStory(declared(), latencyRule(limit)).deploy(0, 'v1'), 0, 7);
      return [...new Set(story.transitions().map(({ rule }) => rule))].sort();
    };
    expect(rulesOf(80)).toEqual(['Slow']);
    expect(rulesOf(100)).toEqual(['Slow', 'budget.latency_p95']);
  });

  it('says which rules alert for a line, and says so anew when that has changed', () => {
    const story = slow(new TrackerStory(declared()).deploy(0, 'v1'), 0, 1);
    slow(story.define(latencyRule(100)), 1, 2);
    slow(story.define(latencyRule(60)), 2, 3);
    const guards = story
      .snapshots()
      .flatMap(({ kind }) => (kind.case === 'budget' ? [kind.value.lines[0]?.rules] : []));
    expect(guards).toEqual([['budget.latency_p95'], ['budget.latency_p95'], ['Slow']]);
  });
});

describe('the default budget of a model', () => {
  const quiet = modelDefinition({ budget: { windowMs: 2 * minuteMs, lines: [latency] } });

  it('alerts nobody', () => {
    const story = slow(new TrackerStory(quiet).deploy(0, 'v1'), 0, 20);
    expect(alertsOf(story)).toEqual([]);
    expect(
      story.snapshots().flatMap(({ kind }) => (kind.case === 'budget' ? [kind.value.lines[0]?.rules] : [])),
    ).toEqual([[]]);
  });

  it('alerts once somebody has written it', () => {
    const story = slow(new TrackerStory(quiet).deploy(0, 'v1'), 0, 5).define(declared());
    expect(alertsOf(slow(story, 5, 12)).at(-1)).toContain('#2 PENDING → FIRING since 6');
  });
});

describe('the alert of a line, when definitions change', () => {
  const firing = (): TrackerStory => slow(new TrackerStory(declared()).deploy(0, 'v1'), 0, 7);

  it('goes on as it stands when the line means the same, and when only its limit is another', () => {
    expect(alertsOf(slow(firing().define(declared()), 7, 9))).toHaveLength(2);
    expect(alertsOf(slow(firing().define(declared(100)), 7, 9))).toHaveLength(2);
    expect(alertsOf(slow(firing().define(declared(200)), 7, 14)).at(-1)).toBe(
      '13: budget.latency_p95 v1 #3 FIRING → RESOLVED since 1, recovered',
    );
  });

  it('goes on when a rule comes that is laxer', () => {
    const story = slow(firing().define(latencyRule(100)), 7, 9);
    expect(alertsOf(story).filter((line) => line.includes('budget.'))).toHaveLength(2);
  });

  it.each([
    ['the line is gone', modelDefinition()],
    ['a rule stands in for it', latencyRule(80)],
    ['nobody wrote it any more', modelDefinition({ budget: { windowMs: 2 * minuteMs, lines: [latency] } })],
  ])('ends when %s', (_, definition) => {
    const story = firing().define(definition).tick(7.5);
    expect(
      story.transitions().find(({ transition, rule }) => rule === 'budget.latency_p95' && transition === 3),
    ).toMatchObject({ reason: 'rule removed', severity: Severity.WARNING });
  });
});

import { describe, expect, it } from '@jest/globals';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import {
  Comparator,
  Compare,
  RuleDefinitionSchema,
  Severity,
  type RuleDefinition,
} from '@moola/contracts/gen/moola/v1/definitions_pb';
import { AlertState } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { inactive, stepAlert, type Alert } from './alert.js';
import { followRule } from './follow-rule.js';

type Fields = Exclude<MessageInitShape<typeof RuleDefinitionSchema>, RuleDefinition>;

const { WARNING, CRITICAL } = Severity;
const fields: Fields = {
  ...{ metric: 'accuracy', windowMs: 300_000, compare: Compare.BOUND, confidence: 0.9, minimumSamples: 30 },
  ...{ comparator: Comparator.BELOW, limit: 0.8, severity: WARNING, forMs: 60_000, keepFiringForMs: 60_000 },
};
const rule = (more: Fields = {}): RuleDefinition => create(RuleDefinitionSchema, { ...fields, ...more });
const levels = (warning: number, critical: number): Fields => ({
  levels: [
    { severity: WARNING, limit: warning, forMs: 60_000 },
    { severity: CRITICAL, limit: critical, forMs: 60_000 },
  ],
});

const pending = stepAlert(inactive, rule(), 1, 1000).alert;
const firing = stepAlert(pending, rule(), 1, 61_000).alert;
const clearing = stepAlert(firing, rule(), 0, 62_000).alert;

describe('an alert whose rule has another definition', () => {
  it.each<[string, Fields]>([
    ['metric', { metric: 'recall' }],
    ['window', { windowMs: 600_000 }],
    ['segment', { segment: { key: 'country', value: 'DE' } }],
    ['comparator', { comparator: Comparator.ABOVE }],
    ['limit', { limit: 0.81 }],
    ['comparison', { compare: Compare.FIGURE }],
    ['confidence', { confidence: 0.95 }],
    ['minimum of samples', { minimumSamples: 31 }],
    ['question whether data is missing', { onMissing: true }],
  ])('is pending anew with another %s; one that fires goes on, its recovery begins anew', (_, change) => {
    expect(followRule(pending, rule(), rule(change))).toEqual({ ...pending, changed: true });
    expect(followRule(firing, rule(), rule(change))).toEqual(firing);
    expect(followRule(clearing, rule(), rule(change)).clearSinceMs).toBeNull();
    expect(followRule(inactive, rule(), rule(change))).toBe(inactive);
  });

  it.each<[string, Fields]>([
    ['severity', { severity: CRITICAL }],
    ['time that it must hold', { forMs: 120_000 }],
    ['time that it must be gone', { keepFiringForMs: 120_000 }],
    ['summary', { summary: 'Low' }],
    ['runbook', { runbook: 'https://wiki.example.org' }],
    ['inhibitor', { unless: ['Other'] }],
    ['policy for missing data', { alertOnMissingAfterMs: 60_000 }],
    ['longest gap', { longestGapMs: 60_000 }],
    ['level above it', levels(0.8, 0.7)],
  ])('keeps its time with another %s', (_, change) => {
    for (const alert of [pending, firing, clearing]) expect(followRule(alert, rule(), rule(change))).toEqual(alert);
  });

  it('has no confidence to keep where it compares the figure', () => {
    const [before, after] = [0.9, 0.95].map((confidence) => rule({ compare: Compare.FIGURE, confidence }));
    expect(followRule(pending, before!, after!)).toEqual(pending);
  });
});

describe('the levels of an alert whose rule has another definition', () => {
  const before = rule(levels(0.8, 0.7));
  const both = stepAlert(inactive, before, 2, 1000).alert;
  const atCritical = stepAlert(both, before, 2, 61_000).alert;

  it('keep their time where their limit is the same', () => {
    expect(followRule(both, before, rule({ ...levels(0.8, 0.7), runbook: 'x' }))).toEqual(both);
    expect(followRule(both, before, rule(levels(0.8, 0.6)))).toEqual({ ...both, above: undefined });
    expect(followRule(both, before, rule(levels(0.85, 0.7)))).toEqual({ ...both, changed: true });
  });

  it('go on firing with another limit, and are gone with their severity', () => {
    const followed = followRule(atCritical, before, rule(levels(0.85, 0.6)));
    expect(followed).toEqual(atCritical);
    const single = rule({ severity: WARNING, limit: 0.8 });
    const fallen = stepAlert(followRule(atCritical, before, single), single, 1, 62_000);
    expect(fallen.transition).toMatchObject({
      ...{ from: AlertState.FIRING, to: AlertState.FIRING, reason: 'severity fell' },
      ...{ severity: WARNING, severityBefore: CRITICAL },
    });
  });

  it('are there for an alert that fired as severe before', () => {
    const critical: Alert = { ...firing, severity: CRITICAL };
    const followed = followRule(critical, rule({ severity: CRITICAL, limit: 0.7 }), before);
    expect(stepAlert(followed, before, 2, 62_000).transition).toBeNull();
  });

  it('tell of another severity of the rule while it fires', () => {
    const after = rule({ severity: CRITICAL });
    expect(stepAlert(followRule(firing, rule(), after), after, 1, 62_000).transition).toMatchObject({
      ...{ reason: 'severity rose', severity: CRITICAL, severityBefore: WARNING },
    });
  });

  it('do not, where a checkpoint of a release without levels says no severity', () => {
    const { severity: _, ...old } = firing;
    expect(stepAlert(old, rule(), 1, 62_000)).toEqual({ alert: firing, transition: null });
  });
});

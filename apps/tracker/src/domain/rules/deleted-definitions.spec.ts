import { describe, expect, it } from '@jest/globals';
import { deletionOf } from '@moola/contracts/definitions/in-force';
import { Comparator, Severity } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { AlertState } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { modelDefinition, ruleDefinition, TrackerStory } from '../../testing/tracker-story.js';

const drop = (model: string) =>
  ruleDefinition('Drop', {
    ...{ model, metric: 'accuracy', comparator: Comparator.BELOW, limit: 0.8, severity: Severity.CRITICAL },
  });

const firing = (model = 'M'): TrackerStory =>
  new TrackerStory(modelDefinition(), drop(model)).deploy(0, 'v1').label(0, 10, 0).tick(1);

describe('a rule that is deleted', () => {
  it.each(['M', ''])('ends its alert, and never fires again (rule on model %j)', (model) => {
    const story = firing(model).define(deletionOf('rule', 'Drop')).tick(1.5).label(2, 10, 0).tick(3);
    const ended = { rule: 'Drop', to: AlertState.RESOLVED, reason: 'rule removed', severity: Severity.CRITICAL };
    expect(story.transitions().at(-1)).toMatchObject(ended);
    for (let row = 0; row < story.rows.length; row++) {
      expect(story.transitions({ restartBefore: new Set([row]) }).at(-1)).toMatchObject(ended);
    }
  });

  it('comes back when it is defined anew, its transitions counted on', () => {
    const story = firing().define(deletionOf('rule', 'Drop')).tick(1.5).define(drop('M')).label(1.5, 10, 0).tick(1.8);
    expect(story.transitions().map(({ transition, to }) => [transition, to])).toEqual([
      [1, AlertState.FIRING],
      [2, AlertState.RESOLVED],
      [3, AlertState.FIRING],
    ]);
  });
});

describe('a model that is deleted', () => {
  it('is watched as one that nobody declared: its rules are gone, the default budget judges it', () => {
    const story = firing().define(deletionOf('rule', 'Drop')).define(deletionOf('model', 'M')).tick(1.5).tick(2);
    const budgets = story.snapshots().flatMap(({ kind }) => (kind.case === 'budget' ? [kind.value] : []));
    expect(budgets.at(-1)).toMatchObject({ undeclared: true, serving: true });
    expect(budgets.at(-1)?.lines.map(({ metric }) => metric)).toContain('latency_increase');
    expect(story.transitions().slice(1)).toMatchObject([{ rule: 'Drop', undeclared: true, reason: 'rule removed' }]);
  });

  it('loses the alerts of its budget lines', () => {
    const alert = { forMs: 0, confidence: 0.95 };
    const line = { metric: 'accuracy', comparator: Comparator.BELOW, limit: 0.8, minimumSamples: 1, alert };
    const declared = modelDefinition({ budget: { windowMs: 60_000, lines: [line] } });
    const story = new TrackerStory(declared).deploy(0, 'v1').label(0, 10, 0).tick(1);
    story.define(deletionOf('model', 'M')).tick(1.5);
    expect(story.transitions().map(({ rule, to }) => [rule, AlertState[to]])).toEqual([
      ['budget.accuracy', 'FIRING'],
      ['budget.accuracy', 'RESOLVED'],
    ]);
  });

  it('of which nothing is defined is no matter', () => {
    const story = firing().define(deletionOf('model', 'Other')).define(deletionOf('rule', 'Other')).tick(1.5);
    expect(story.transitions()).toHaveLength(1);
  });
});

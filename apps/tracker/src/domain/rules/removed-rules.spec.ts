import { describe, expect, it } from '@jest/globals';
import { Comparator, Severity, type Definition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { AlertState, type AlertTransition } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import type { RunOptions } from '@moola/testing/run-processor';
import { modelDefinition, ruleDefinition, TrackerStory } from '../../testing/tracker-story.js';

const accuracyDrop = (severity: Severity, model = 'M'): Definition =>
  ruleDefinition('AccuracyDrop', { model, severity, metric: 'accuracy', comparator: Comparator.BELOW, limit: 0.8 });

const firing = (): TrackerStory =>
  new TrackerStory(modelDefinition(), accuracyDrop(Severity.CRITICAL)).deploy(0, 'v1').label(0, 10, 0).tick(1);

function lastAlert(story: TrackerStory, options: RunOptions = {}): AlertTransition | undefined {
  return story.transitions(options).at(-1);
}

describe('an alert whose rule is removed', () => {
  const ended = { to: AlertState.RESOLVED, reason: 'rule removed', severity: Severity.CRITICAL };

  it('ends with the severity of that rule', () => {
    const story = firing().define(accuracyDrop(Severity.INFO, 'Other')).tick(1.5);
    expect(lastAlert(story)).toMatchObject(ended);
  });

  it('does so after a restart before the tick, and when other definitions come between', () => {
    const story = firing()
      .define(accuracyDrop(Severity.INFO, 'Other'))
      .define(modelDefinition({ designEffect: 2 }));
    story.tick(1.5);
    for (let row = 0; row < story.rows.length; row++) {
      expect(lastAlert(story, { restartBefore: new Set([row]) })).toMatchObject(ended);
    }
  });

  it('ends as recovered, and as severe as its rule is now, when the rule came back in time', () => {
    const story = firing().define(accuracyDrop(Severity.INFO, 'Other')).define(accuracyDrop(Severity.WARNING));
    story.tick(1.5).label(2, 10, 10).tick(3);
    expect(lastAlert(story)).toMatchObject({ reason: 'recovered', severity: Severity.WARNING });
  });
});

import { expect, it } from '@jest/globals';
import { deletionOf } from '@moola/contracts/definitions/in-force';
import { Comparator, Severity } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { AlertState } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { progressRow } from '../../testing/observation-rows.js';
import { minuteMs, modelDefinition, ruleDefinition, TrackerStory } from '../../testing/tracker-story.js';

const severity = Severity.CRITICAL;

it.each(['constructor', 'toString', 'Drop'])('a rule may be called %s', (name) => {
  const drop = ruleDefinition(name, {
    ...{ model: 'M', metric: 'accuracy', comparator: Comparator.BELOW, limit: 0.8, severity, minimumSamples: 5 },
  });
  const story = new TrackerStory(modelDefinition(), drop).deploy(0, 'v1').label(0, 10, 0).tick(1);
  // Without data it says so, and then it is deleted.
  story.tick(300).define(deletionOf('rule', name)).tick(301);
  for (const restartBefore of [undefined, new Set(story.rows.keys())]) {
    const told = story.transitions(restartBefore && { restartBefore });
    expect(told.map(({ rule, to }) => [rule, to])).toEqual([
      [name, AlertState.FIRING],
      [name, AlertState.RESOLVED],
    ]);
  }
});

it.each(['constructor', 'toString', 'Failed'])('so may one on jobs: %s', (name) => {
  const failed = ruleDefinition(name, {
    ...{ model: 'M', metric: 'job_failed', comparator: Comparator.ABOVE, limit: 0.5, severity, minimumSamples: 1 },
  });
  const story = new TrackerStory(modelDefinition(), failed)
    .row(progressRow(minuteMs, { step: 1n, state: 'failed' }))
    .tick(2)
    .define(deletionOf('rule', name))
    .tick(3);
  expect(story.transitions().map(({ rule, to }) => [rule, to])).toEqual([
    [name, AlertState.FIRING],
    [name, AlertState.RESOLVED],
  ]);
});

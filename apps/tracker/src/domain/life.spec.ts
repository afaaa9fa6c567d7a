import { expect, it } from '@jest/globals';
import { Comparator } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { modelDefinition, ruleDefinition, TrackerStory } from '../testing/tracker-story.js';

it('what is counted carries the life of the task: number 1 of a new life repeats nothing', () => {
  const rule = ruleDefinition('AccuracyDrop', { metric: 'accuracy', comparator: Comparator.BELOW, limit: 0.8 });
  const story = new TrackerStory(modelDefinition(), rule).deploy(0, 'v1').predict(0, 1).label(0, 10, 0).tick(1);
  const keys = (life: number) => [
    ...story.transitions({ context: { life } }).map((each) => [each.life, each.transition]),
    ...story.buckets({ context: { life } }).map((each) => [each.life, each.revision]),
  ];
  expect(keys(0)).toEqual([
    [0, 1],
    [0, 1],
  ]);
  expect(keys(4711)).toEqual([
    [4711, 1],
    [4711, 1],
  ]);
});

import { describe, expect, it } from '@jest/globals';
import { create } from '@bufbuild/protobuf';
import { RuleDefinitionSchema } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { AlertState } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { alertDueMs, endAlert, inactive, stepAlert, type Alert, type AlertStep } from './alert.js';
import type { Condition } from './condition.js';

const minute = 60_000;

/** An alert's life with a clock: what is told at each minute, and what came of it. */
function alertStory(rule: { readonly for: number; readonly keepFiringFor: number }) {
  const definition = create(RuleDefinitionSchema, {
    forMs: rule.for * minute,
    keepFiringForMs: rule.keepFiringFor * minute,
  });
  let alert: Alert = inactive;
  const heard: string[] = [];
  const hear = (at: number, step: AlertStep): void => {
    alert = JSON.parse(JSON.stringify(step.alert)) as Alert;
    if (step.transition === null) return;
    const { number, from, to, sinceMs, reason } = step.transition;
    heard.push(`${at}: ${number} ${AlertState[from]} → ${AlertState[to]} since ${sinceMs / minute}, ${reason}`);
  };
  return {
    heard,
    at(time: number, condition: Condition) {
      hear(time, stepAlert(alert, definition, condition, time * minute));
    },
    replaced(time: number) {
      hear(time, endAlert(alert, 'replaced'));
    },
    dueAt: () => {
      const due = alertDueMs(alert, definition);
      return due === null ? null : due / minute;
    },
  };
}

describe('an alert', () => {
  it('is pending at the breach and fires when the condition has held for long enough', () => {
    const story = alertStory({ for: 5, keepFiringFor: 0 });
    story.at(1, 0);
    story.at(2, 1);
    expect(story.dueAt()).toBe(7);
    story.at(6, 1);
    story.at(7, 1);
    expect(story.heard).toEqual([
      '2: 1 INACTIVE → PENDING since 2, condition held',
      '7: 2 PENDING → FIRING since 2, condition held',
    ]);
  });

  it('fires at once, in one transition, when it need not hold', () => {
    const story = alertStory({ for: 0, keepFiringFor: 0 });
    story.at(3, 1);
    expect(story.heard).toEqual(['3: 1 INACTIVE → FIRING since 3, condition held']);
  });

  it.each<[Condition, string]>([
    [0, 'condition did not hold'],
    ['missing', 'data missing'],
  ])('that is pending goes back to inactive when its condition is %j, and begins anew', (condition, reason) => {
    const story = alertStory({ for: 5, keepFiringFor: 0 });
    story.at(1, 1);
    story.at(4, condition);
    story.at(5, 1);
    story.at(9, 1);
    story.at(10, 1);
    expect(story.heard).toEqual([
      '1: 1 INACTIVE → PENDING since 1, condition held',
      `4: 2 PENDING → INACTIVE since 1, ${reason}`,
      '5: 3 INACTIVE → PENDING since 5, condition held',
      '10: 4 PENDING → FIRING since 5, condition held',
    ]);
  });

  it('keeps firing until the condition has been gone for long enough', () => {
    const story = alertStory({ for: 0, keepFiringFor: 5 });
    story.at(1, 1);
    story.at(2, 0);
    expect(story.dueAt()).toBe(7);
    story.at(6, 1);
    expect(story.dueAt()).toBeNull();
    story.at(8, 0);
    story.at(12, 0);
    story.at(13, 0);
    expect(story.heard).toEqual([
      '1: 1 INACTIVE → FIRING since 1, condition held',
      '13: 2 FIRING → RESOLVED since 1, recovered',
    ]);
  });

  it('is not resolved by data that is missing, which breaks the run of its absence as well', () => {
    const story = alertStory({ for: 0, keepFiringFor: 5 });
    story.at(1, 1);
    story.at(2, 'missing');
    story.at(20, 'missing');
    story.at(21, 0);
    story.at(24, 'missing');
    story.at(25, 0);
    story.at(29, 0);
    story.at(30, 0);
    expect(story.heard.slice(1)).toEqual(['30: 2 FIRING → RESOLVED since 1, recovered']);
  });

  it('resolves at the first tick without its condition when it need not keep firing', () => {
    const story = alertStory({ for: 0, keepFiringFor: 0 });
    story.at(1, 1);
    story.at(2, 0);
    expect(story.heard.at(-1)).toBe('2: 2 FIRING → RESOLVED since 1, recovered');
  });

  it('ends as replaced with its version, and its numbers go on when that serves again', () => {
    const story = alertStory({ for: 2, keepFiringFor: 0 });
    story.at(1, 1);
    story.replaced(2);
    story.replaced(3);
    story.at(4, 1);
    story.at(6, 1);
    story.replaced(7);
    expect(story.heard).toEqual([
      '1: 1 INACTIVE → PENDING since 1, condition held',
      '2: 2 PENDING → INACTIVE since 1, replaced',
      '4: 3 INACTIVE → PENDING since 4, condition held',
      '6: 4 PENDING → FIRING since 4, condition held',
      '7: 5 FIRING → RESOLVED since 4, replaced',
    ]);
  });
});

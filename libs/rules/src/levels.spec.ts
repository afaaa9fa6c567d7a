import { describe, expect, it } from '@jest/globals';
import { create } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { Comparator, RuleDefinitionSchema, Severity } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { AlertState } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { alertDueMs, inactive, pauseAlert, stepAlert, type Alert, type AlertStep } from './alert.js';
import { conditionOf, type Condition } from './condition.js';

const minute = 60_000;
const { WARNING, CRITICAL, EMERGENCY } = Severity;

interface Stated {
  readonly levels: readonly { readonly severity: Severity; readonly limit: number; readonly for: number }[];
  readonly keep: number;
  readonly missingAfter?: number;
}

function ruleOf({ levels, keep, missingAfter = 0 }: Stated) {
  return create(RuleDefinitionSchema, {
    comparator: Comparator.BELOW,
    minimumSamples: 1,
    severity: levels[0]!.severity,
    limit: levels[0]!.limit,
    forMs: levels[0]!.for * minute,
    levels: levels.map(({ severity, limit, for: minutes }) => ({ severity, limit, forMs: minutes * minute })),
    keepFiringForMs: keep * minute,
    alertOnMissingAfterMs: missingAfter * minute,
  });
}

const accuracy = [
  { severity: WARNING, limit: 0.85, for: 5 },
  { severity: CRITICAL, limit: 0.8, for: 2 },
  { severity: EMERGENCY, limit: 0.5, for: 0 },
];

/** An alert's life with a clock: what is told at each minute, and what came of it. */
function alertStory(stated: Stated) {
  const rule = ruleOf(stated);
  let alert: Alert = inactive;
  const heard: string[] = [];
  const hear = (at: number, step: AlertStep): void => {
    alert = JSON.parse(JSON.stringify(step.alert)) as Alert;
    if (step.transition === null) return;
    const { from, to, reason, severity, severityBefore, inhibitedBy } = step.transition;
    const before = severityBefore === Severity.UNSPECIFIED ? '' : `${Severity[severityBefore]} → `;
    const held = inhibitedBy === '' ? '' : `, held back by ${inhibitedBy}`;
    heard.push(`${at}: ${AlertState[from]} → ${AlertState[to]} ${before}${Severity[severity]}, ${reason}${held}`);
  };
  return {
    heard,
    at(time: number, value: number | 'missing', inhibitor = '') {
      const reading = value === 'missing' ? { value: undefined, samples: 0 } : { value, samples: 1 };
      hear(time, stepAlert(alert, rule, conditionOf(rule, reading), time * minute, inhibitor));
    },
    gap(minutes: number) {
      alert = pauseAlert(alert, minutes * minute);
    },
    dueAt: () => {
      const due = alertDueMs(alert, rule);
      return due === null ? null : due / minute;
    },
  };
}

describe('an alert with levels', () => {
  it('rises and falls, and is one alert all the while', () => {
    const story = alertStory({ levels: accuracy, keep: 3 });
    story.at(0, 0.84);
    story.at(5, 0.84);
    story.at(6, 0.79);
    expect(story.dueAt()).toBe(8);
    story.at(8, 0.79);
    story.at(9, 0.4);
    story.at(10, 0.82);
    expect(story.dueAt()).toBe(13);
    story.at(13, 0.82);
    story.at(14, 0.9);
    story.at(17, 0.9);
    expect(story.heard).toEqual([
      '0: INACTIVE → PENDING WARNING, condition held',
      '5: PENDING → FIRING WARNING, condition held',
      '8: FIRING → FIRING WARNING → CRITICAL, severity rose',
      '9: FIRING → FIRING CRITICAL → EMERGENCY, severity rose',
      '13: FIRING → FIRING EMERGENCY → WARNING, severity fell',
      '17: FIRING → RESOLVED WARNING → WARNING, recovered',
    ]);
  });

  it('fires at its severer level before the milder one has held for long enough', () => {
    const story = alertStory({ levels: accuracy, keep: 3 });
    story.at(0, 0.7);
    expect(story.dueAt()).toBe(2);
    story.at(2, 0.7);
    story.at(3, 0.84);
    story.at(6, 0.84);
    expect(story.heard).toEqual([
      '0: INACTIVE → PENDING WARNING, condition held',
      '2: PENDING → FIRING CRITICAL, condition held',
      '6: FIRING → FIRING CRITICAL → WARNING, severity fell',
    ]);
  });

  it('keeps its severity while data is missing', () => {
    const story = alertStory({ levels: accuracy, keep: 0 });
    story.at(0, 0.4);
    story.at(1, 'missing');
    story.at(99, 'missing');
    story.at(100, 0.79);
    expect(story.heard).toEqual([
      '0: INACTIVE → FIRING EMERGENCY, condition held',
      '100: FIRING → FIRING EMERGENCY → CRITICAL, severity fell',
    ]);
  });

  it('of a rule on missing data rises the longer it is missing', () => {
    const levels = [
      { severity: WARNING, limit: 0, for: 5 },
      { severity: CRITICAL, limit: 0, for: 30 },
    ];
    const rule = create(RuleDefinitionSchema, { ...ruleOf({ levels, keep: 0 }), onMissing: true });
    const heard: string[] = [];
    let alert: Alert = inactive;
    for (let at = 0; at <= 31; at++) {
      const step = stepAlert(
        alert,
        rule,
        conditionOf(rule, { value: undefined, samples: at === 31 ? 1 : 0 }),
        at * minute,
      );
      alert = step.alert;
      if (step.transition) heard.push(`${at} ${Severity[step.transition.severity]} ${step.transition.reason}`);
    }
    expect(heard).toEqual([
      '0 WARNING condition held',
      '5 WARNING condition held',
      '30 CRITICAL severity rose',
      '31 CRITICAL recovered',
    ]);
  });
});

describe('an alert that another one holds back', () => {
  const one = { levels: [{ severity: CRITICAL, limit: 0.8, for: 5 }], keep: 0 };

  it('stays pending, and fires at once when that ends while its own condition has held for long enough', () => {
    const story = alertStory(one);
    story.at(0, 0.7);
    story.at(3, 0.7, 'Silent');
    expect(story.dueAt()).toBeNull();
    story.at(5, 0.7, 'Silent');
    story.at(9, 0.7);
    expect(story.heard).toEqual([
      '0: INACTIVE → PENDING CRITICAL, condition held',
      '3: PENDING → PENDING CRITICAL, inhibited, held back by Silent',
      '9: PENDING → FIRING CRITICAL, condition held',
    ]);
  });

  it('says so, when that ends before, and goes on waiting', () => {
    const story = alertStory(one);
    story.at(0, 0.7, 'Silent');
    story.at(2, 0.7);
    expect(story.dueAt()).toBe(5);
    story.at(4, 0.9, 'Other');
    expect(story.heard).toEqual([
      '0: INACTIVE → PENDING CRITICAL, condition held, held back by Silent',
      '2: PENDING → PENDING CRITICAL, no longer inhibited',
      '4: PENDING → INACTIVE CRITICAL, condition did not hold',
    ]);
  });

  it('goes on firing when it fires already, and rises', () => {
    const story = alertStory({ levels: accuracy, keep: 0 });
    story.at(0, 0.84);
    story.at(5, 0.84);
    story.at(6, 0.4, 'Silent');
    expect(story.heard.slice(1)).toEqual([
      '5: PENDING → FIRING WARNING, condition held',
      '6: FIRING → FIRING WARNING → EMERGENCY, severity rose',
    ]);
  });
});

describe('a rule that alerts on missing data too', () => {
  const stated = { levels: accuracy, keep: 2, missingAfter: 10 };

  it('fires once it has been missing for long enough, at its mildest level', () => {
    const story = alertStory(stated);
    story.at(0, 'missing');
    expect(story.dueAt()).toBe(10);
    story.at(10, 'missing');
    story.at(11, 0.9);
    story.at(13, 0.9);
    expect(story.heard).toEqual([
      '0: INACTIVE → PENDING WARNING, data missing',
      '10: PENDING → FIRING WARNING, data missing',
      '13: FIRING → RESOLVED WARNING → WARNING, recovered',
    ]);
  });

  it('does not count time in which the condition held, nor the other way', () => {
    const story = alertStory(stated);
    story.at(0, 'missing');
    story.at(9, 0.84);
    story.at(10, 0.84);
    story.at(11, 'missing');
    expect(story.heard).toEqual([
      '0: INACTIVE → PENDING WARNING, data missing',
      '9: PENDING → INACTIVE WARNING, data is back',
      '10: INACTIVE → PENDING WARNING, condition held',
      '11: PENDING → INACTIVE WARNING, data missing',
    ]);
  });

  it('says nothing of a figure that has enough samples and nothing to compare with', () => {
    const rule = ruleOf(stated);
    expect(stepAlert(inactive, rule, 'unknown', 0)).toEqual({ alert: inactive, transition: null });
  });
});

describe('a gap between ticks', () => {
  it('counts neither as held nor as recovered, at any level', () => {
    const story = alertStory({ levels: accuracy, keep: 5 });
    story.at(0, 0.79);
    story.at(1, 0.79);
    story.gap(60);
    story.at(61, 0.79);
    expect(story.dueAt()).toBe(62);
    story.at(62, 0.79);
    story.at(63, 0.9);
    story.gap(60);
    story.at(123, 0.9);
    expect(story.dueAt()).toBe(128);
    story.at(127, 0.9);
    story.at(128, 0.9);
    expect(story.heard).toEqual([
      '0: INACTIVE → PENDING WARNING, condition held',
      '62: PENDING → FIRING CRITICAL, condition held',
      '128: FIRING → RESOLVED CRITICAL → CRITICAL, recovered',
    ]);
  });

  it('of an alert that just fires is no matter', () => {
    const story = alertStory({ levels: accuracy, keep: 5 });
    story.at(0, 0.4);
    story.gap(60);
    story.at(60, 0.4);
    expect(story.heard).toHaveLength(1);
  });
});

/** What a reading says at a minute. */
type Told = { readonly at: number; readonly condition: Condition };

/** Whether a run of readings, back from one of them, has lasted for long enough. */
function lasted(told: readonly Told[], from: number, minutes: number, of: (condition: Condition) => boolean): boolean {
  for (let i = from; i >= 0 && of(told[i]!.condition); i--) if (told[from]!.at - told[i]!.at >= minutes) return true;
  return false;
}

/** Straight from the definition: a level fires from when it, or a severer one, has held, until it has been clear. */
function fires(told: readonly Told[], level: number, { levels, keep }: Stated): boolean {
  for (let i = told.length - 1; i >= 0; i--) {
    const isClear = (condition: Condition) => typeof condition === 'number' && condition <= level;
    const holds = (k: number) => (condition: Condition) => typeof condition === 'number' && condition > k;
    if (lasted(told, i, keep, isClear)) return false;
    if (levels.some((each, k) => k >= level && lasted(told, i, each.for, holds(k)))) return true;
  }
  return false;
}

describe('the severity of an alert', () => {
  const levels = fc
    .array(fc.record({ for: fc.integer({ min: 0, max: 6 }) }), { minLength: 1, maxLength: 4 })
    .map((list) => list.map((each, i) => ({ ...each, severity: i + 1, limit: 1 - i * 0.1 })));
  const readings = fc.array(
    fc.record({
      step: fc.integer({ min: 1, max: 3 }),
      condition: fc.constantFrom<Condition>(0, 1, 2, 3, 4, 'missing', 'unknown'),
    }),
    { maxLength: 60 },
  );

  it('is that of a direct computation, over any sequence of readings', () => {
    fc.assert(
      fc.property(levels, fc.integer({ min: 0, max: 6 }), readings, (stated, keep, sequence) => {
        const rule = ruleOf({ levels: stated, keep });
        const told: Told[] = [];
        let alert: Alert = inactive;
        let last: Severity = Severity.UNSPECIFIED;
        for (const { step, condition } of sequence) {
          const at = (told.at(-1)?.at ?? 0) + step;
          told.push({ at, condition: typeof condition === 'number' ? Math.min(condition, stated.length) : condition });
          const due = alertDueMs(alert, rule);
          const { alert: after, transition } = stepAlert(alert, rule, told.at(-1)!.condition, at * minute);
          const direct = stated.filter((_, k) => fires(told, k, { levels: stated, keep })).at(-1)?.severity;
          expect(after.state === AlertState.FIRING ? after.severity : undefined).toBe(direct);
          // Each change is told, and those that time alone causes are due.
          const now: Severity = direct ?? Severity.UNSPECIFIED;
          if (now !== last) expect(transition?.severityBefore ?? Severity.UNSPECIFIED).toBe(last);
          const isSame = told.length > 1 && told.at(-2)!.condition === told.at(-1)!.condition;
          if (isSame && transition !== null) expect(due).toBeLessThanOrEqual(at * minute);
          last = now;
          alert = after;
        }
      }),
      { numRuns: 2000 },
    );
  });
});

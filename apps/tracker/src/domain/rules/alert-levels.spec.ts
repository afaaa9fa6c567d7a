import { describe, expect, it } from '@jest/globals';
import { Comparator, Severity, type Definition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { AlertState } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { modelDefinition, minuteMs, ruleDefinition, TrackerStory } from '../../testing/tracker-story.js';

const { WARNING, CRITICAL } = Severity;
const { BELOW } = Comparator;

const drop = (fields: Parameters<typeof ruleDefinition>[1] = {}): Definition =>
  ruleDefinition('Drop', {
    ...{ metric: 'accuracy', comparator: BELOW, limit: 0.8, severity: CRITICAL, forMs: 3 * minuteMs },
    ...{ keepFiringForMs: 2 * minuteMs, ...fields },
  });

const levels = [
  { severity: WARNING, limit: 0.8, forMs: 3 * minuteMs },
  { severity: CRITICAL, limit: 0.5, forMs: minuteMs },
];

/** Ten labels a minute of which so many are right, from a minute on; a tick ends each. */
function labels(story: TrackerStory, from: number, ...right: number[]): TrackerStory {
  right.forEach((count, i) => story.label(from + i, 10, count).tick(from + i + 1));
  return story;
}

function heard(story: TrackerStory, restartBefore?: number): string[] {
  const options = restartBefore === undefined ? {} : { restartBefore: new Set([restartBefore]) };
  return story.transitions(options).map(({ rule, from, to, severity, severityBefore, reason, inhibitedBy, limit }) => {
    const before = severityBefore === Severity.UNSPECIFIED ? '' : `${Severity[severityBefore]} → `;
    const held = inhibitedBy === '' ? '' : ` by ${inhibitedBy}`;
    const states = `${AlertState[from]} → ${AlertState[to]}`;
    return `${rule}: ${states} ${before}${Severity[severity]} at ${limit}, ${reason}${held}`;
  });
}

/** What is heard, which is the same whichever tick or definition the process restarts before. */
function heardAlways(story: TrackerStory): string[] {
  const told = heard(story);
  story.rows.forEach((row, i) => {
    if (!('data' in row)) expect(heard(story, i)).toEqual(told);
  });
  return told;
}

const begun = (...definitions: Definition[]): TrackerStory =>
  new TrackerStory(modelDefinition(), ...definitions).deploy(0, 'v1');

describe('an alert with levels', () => {
  it('is one alert, whose transitions say the severity and its limit', () => {
    const story = labels(begun(drop({ levels })), 0, 7, 7, 7, 7, 4, 4, 7, 7, 7, 9, 9, 9);
    expect(heardAlways(story)).toEqual([
      'Drop: INACTIVE → PENDING WARNING at 0.8, condition held',
      'Drop: PENDING → FIRING WARNING at 0.8, condition held',
      'Drop: FIRING → FIRING WARNING → CRITICAL at 0.5, severity rose',
      'Drop: FIRING → FIRING CRITICAL → WARNING at 0.8, severity fell',
      'Drop: FIRING → RESOLVED WARNING → WARNING at 0.8, recovered',
    ]);
    expect(story.transitions().map(({ transition }) => transition)).toEqual([1, 2, 3, 4, 5]);
  });

  it('tells of another severity of its rule at the next tick', () => {
    const story = labels(begun(drop({ forMs: 0 })), 0, 7).define(drop({ forMs: 0, severity: Severity.EMERGENCY }));
    expect(heardAlways(labels(story, 1, 7)).slice(1)).toEqual([
      'Drop: FIRING → FIRING CRITICAL → EMERGENCY at 0.8, severity rose',
    ]);
  });
});

describe('an alert that another one holds back', () => {
  const broken = ruleDefinition('Broken', {
    ...{ metric: 'error_rate', comparator: Comparator.ABOVE, limit: 0.5, severity: CRITICAL },
  });
  const failing = (story: TrackerStory, minute: number, error: string): TrackerStory =>
    story
      .predict(minute, 10, { error })
      .label(minute, 10, 7)
      .tick(minute + 1);

  it('does not fire while that fires, says so, and fires when it is over', () => {
    const story = begun(drop({ unless: ['Broken'], forMs: minuteMs }), broken);
    for (const minute of [0, 1, 2]) failing(story, minute, 'timeout');
    failing(story, 3, '');
    expect(heardAlways(story)).toEqual([
      'Broken: INACTIVE → FIRING CRITICAL at 0.5, condition held',
      'Drop: INACTIVE → PENDING CRITICAL at 0.8, condition held by Broken',
      'Broken: FIRING → RESOLVED CRITICAL → CRITICAL at 0.5, recovered',
      'Drop: PENDING → FIRING CRITICAL at 0.8, condition held',
    ]);
  });

  it('fires when the rule that held it back is deleted or unknown', () => {
    const story = labels(begun(drop({ unless: ['Nothing'], forMs: 0 })), 0, 7);
    expect(heardAlways(story)).toEqual(['Drop: INACTIVE → FIRING CRITICAL at 0.8, condition held']);
  });
});

describe('a rule that alerts on missing data as well', () => {
  it('does so for a series that gets rare, and takes back what was pending', () => {
    const story = begun(drop({ alertOnMissingAfterMs: 4 * minuteMs, minimumSamples: 5 }));
    labels(story, 0, 7);
    for (let minute = 2; minute <= 7; minute++) story.tick(minute);
    labels(story, 7, 9, 9, 9);
    expect(heardAlways(story)).toEqual([
      'Drop: INACTIVE → PENDING CRITICAL at 0.8, condition held',
      'Drop: PENDING → INACTIVE CRITICAL at 0.8, data missing',
      'Drop: INACTIVE → PENDING CRITICAL at 0.8, data missing',
      'Drop: PENDING → FIRING CRITICAL at 0.8, data missing',
      'Drop: FIRING → RESOLVED CRITICAL → CRITICAL at 0.8, recovered',
    ]);
  });

  it('does so for a version that never had any', () => {
    const story = begun(drop({ alertOnMissingAfterMs: 2 * minuteMs }))
      .tick(1)
      .tick(2)
      .tick(3);
    expect(heardAlways(story).at(-1)).toBe('Drop: PENDING → FIRING CRITICAL at 0.8, data missing');
  });
});

describe('a gap between ticks', () => {
  /** Bad at minute 0 and 1; then the process is down for an hour; bad again. */
  const down = (fields: Parameters<typeof ruleDefinition>[1] = {}): TrackerStory =>
    labels(labels(begun(drop(fields)), 0, 7, 7), 61, 7, 7, 7);

  it('does not count as time in which the condition held', () => {
    const times = down()
      .transitions()
      .map(({ to }) => AlertState[to]);
    expect(times).toEqual(['PENDING', 'FIRING']);
    expect(heardAlways(labels(begun(drop()), 0, 7, 7)).length).toBe(1);
    const fired = down()
      .snapshots()
      .find(({ kind }) => kind.case === 'alert' && kind.value.to === AlertState.FIRING);
    // Held from 1 to 2 and from 62 on: the gap lies between.
    expect((fired?.atMs ?? 0) / minuteMs).toBe(64);
    heardAlways(down());
  });

  it('counts where the rule allows for one as long', () => {
    const fired = down({ longestGapMs: 60 * minuteMs })
      .snapshots()
      .find(({ kind }) => kind.case === 'alert' && kind.value.to === AlertState.FIRING);
    expect((fired?.atMs ?? 0) / minuteMs).toBe(62);
  });

  it('is none where ticks are always that far apart, as in a replay of long steps', () => {
    const story = begun(drop({ windowMs: 60 * minuteMs }));
    for (const hour of [1, 2, 3]) story.label(60 * hour - 1, 10, 7).tick(60 * hour);
    expect(heardAlways(story).at(-1)).toBe('Drop: PENDING → FIRING CRITICAL at 0.8, condition held');
  });
});

describe('a pending alert whose rule has another definition', () => {
  const changed = (fields: Parameters<typeof ruleDefinition>[1]): string[] =>
    heardAlways(labels(labels(begun(drop()), 0, 7, 7).define(drop(fields)), 2, 7, 7));

  it('goes on counting where it means the same', () => {
    expect(changed({ severity: WARNING, summary: 'Low' })).toEqual([
      'Drop: INACTIVE → PENDING CRITICAL at 0.8, condition held',
      'Drop: PENDING → FIRING WARNING at 0.8, condition held',
    ]);
  });

  it('begins anew at the next tick where it does not', () => {
    expect(changed({ limit: 0.75 })).toEqual([
      'Drop: INACTIVE → PENDING CRITICAL at 0.8, condition held',
      'Drop: PENDING → INACTIVE CRITICAL at 0.75, rule changed',
      'Drop: INACTIVE → PENDING CRITICAL at 0.75, condition held',
    ]);
  });
});

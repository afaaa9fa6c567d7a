import { describe, expect, it } from '@jest/globals';
import { Comparator, Severity } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { AlertState } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { deletionOf } from '@moola/contracts/definitions/in-force';
import { modelDefinition, ruleDefinition, TrackerStory } from '../../testing/tracker-story.js';

const slow = (match: { model?: string[]; version?: string[]; role?: string[] }) =>
  ruleDefinition('Slow', {
    ...{ model: '', match, metric: 'latency_p95', comparator: Comparator.ABOVE, limit: 50, severity: Severity.WARNING },
  });

/** v1 serves, v2 is its shadow, both answer slowly. */
function twoVersions(match: Parameters<typeof slow>[0]): TrackerStory {
  const story = new TrackerStory(modelDefinition(), slow(match)).deploy(0, 'v1').deploy(0, 'v2', Role.SHADOW);
  return answers(story, 0);
}

function answers(story: TrackerStory, minute: number, shadow = Role.SHADOW): TrackerStory {
  story.predict(minute, 10, {
    version: 'v1',
    role: shadow === Role.PRIMARY ? Role.SHADOW : Role.PRIMARY,
    latencyMs: 90,
  });
  return story.predict(minute, 10, { version: 'v2', role: shadow, latencyMs: 90 }).tick(minute + 1);
}

function heard(story: TrackerStory): string[] {
  const told = (restartBefore?: number): string[] =>
    story
      .transitions(restartBefore === undefined ? {} : { restartBefore: new Set([restartBefore]) })
      .map(({ version, to, role, reason }) => `${version} ${Role[role]} ${AlertState[to]}: ${reason}`);
  const all = told();
  story.rows.forEach((row, i) => {
    if (!('data' in row)) expect(told(i)).toEqual(all);
  });
  return all;
}

describe('a rule', () => {
  it('judges what serves, where it says nothing', () => {
    expect(heard(twoVersions({}))).toEqual(['v1 UNSPECIFIED FIRING: condition held']);
  });

  it('judges versions in the roles that it names', () => {
    expect(heard(twoVersions({ role: ['shadow'] }))).toEqual(['v2 SHADOW FIRING: condition held']);
    expect(heard(twoVersions({ role: ['primary', 'shadow'] }))).toEqual([
      'v1 UNSPECIFIED FIRING: condition held',
      'v2 SHADOW FIRING: condition held',
    ]);
    expect(heard(twoVersions({ role: ['canary'] }))).toEqual([]);
  });

  it('judges the models and versions that it names', () => {
    expect(heard(twoVersions({ model: ['M*'], version: ['v1'] }))).toEqual(['v1 UNSPECIFIED FIRING: condition held']);
    expect(heard(twoVersions({ version: ['!=v1'], role: ['primary', 'shadow'] }))).toEqual([
      'v2 SHADOW FIRING: condition held',
    ]);
    expect(heard(twoVersions({ model: ['N*'] }))).toEqual([]);
  });

  it('ends its alert when the version takes another role', () => {
    const story = twoVersions({ role: ['shadow'] })
      .deploy(1, 'v2')
      .deploy(1, 'v1', Role.SHADOW);
    expect(heard(answers(story, 1, Role.PRIMARY))).toEqual([
      'v2 SHADOW FIRING: condition held',
      'v2 UNSPECIFIED RESOLVED: replaced',
      'v1 SHADOW FIRING: condition held',
    ]);
  });

  it('ends its alert when it is deleted, or matches the model no longer', () => {
    const gone = twoVersions({ role: ['shadow'] })
      .define(deletionOf('rule', 'Slow'))
      .tick(1.5);
    expect(heard(gone).at(-1)).toContain('RESOLVED: ');
    const other = twoVersions({ role: ['shadow'] })
      .define(slow({ model: ['N*'], role: ['shadow'] }))
      .tick(1.5);
    expect(heard(other).at(-1)).toContain('RESOLVED: ');
  });
});

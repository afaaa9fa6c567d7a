import { describe, expect, it } from '@jest/globals';
import type { DecisionView, IncidentSummaryView } from '../../../src/read-model/incident-views';
import { byGravity, decided, effect, undecided, why, whyUndecided } from './decision';

const decision = (answer: DecisionView['answer'], reason: string, to = 'v1'): DecisionView => ({
  ...{ atMs: 0, answer, from: 'v2', to, reason, effect: 'none', evidence: '' },
});

describe('a decision in words', () => {
  it.each([
    [decision('hold', 'no comparison yet'), 'v2 goes on serving', 'v1 was considered: no comparison yet'],
    [decision('hold', 'no candidate', ''), 'v2 goes on serving', 'no candidate'],
    [
      decision('mitigate', 'better with confidence, but out of budget'),
      'Rolled back from v2 to v1, as a mitigation',
      'v1 is better with confidence, but out of budget',
    ],
    [decision('roll back', 'better with confidence'), 'Rolled back from v2 to v1', 'v1 is better with confidence'],
    [decision('undo', 'worse with confidence'), 'Undone: from v2 to v1 again', 'worse with confidence'],
  ])('says what and why: %j', (given, what, reason) => {
    expect([decided(given), why(given)]).toEqual([what, reason]);
  });

  it.each([
    ['critical', true, null, 'No rollback', 'not decided yet'],
    ['warning', true, null, 'No rollback', 'not considered for severity warning'],
    ['critical', false, null, 'No rollback', 'not considered: only lines with `gate: true` can cause one'],
    ['critical', false, 'job', 'Nothing to roll back', 'a rollback changes nothing about a job'],
    ['critical', false, 'instance', 'Nothing to roll back', 'a rollback changes nothing about an instance'],
  ] as const)('is none yet, at severity %s, gate: %p, about: %p', (severity, gate, kind, what, reason) => {
    const incident = { severity, gate, subject: kind && { kind, name: 'fit-7' } };
    expect([undecided(incident), whyUndecided(incident)]).toEqual([what, reason]);
  });

  it('says what came of it', () => {
    const words = (['none', 'awaited', 'verified', 'failed'] as const).map((each) =>
      effect({ ...decision('mitigate', ''), effect: each, evidence: 'v1 − v2 = +0.56' }),
    );
    expect(words).toEqual([
      null,
      'Whether it helps is not known yet.',
      'Verified: v1 − v2 = +0.56',
      'It did not help: v1 − v2 = +0.56',
    ]);
  });
});

describe('the gravest incident', () => {
  const incident = (id: string, state: string, severity: string, costUsd: number, openedAtMs: number) =>
    ({ id, state, severity, costUsd, openedAtMs }) as IncidentSummaryView;

  it('is open before it is severe, severe before it is dear, dear before it is new', () => {
    const order = [
      incident('emergency', 'acknowledged', 'emergency', 0, 1),
      incident('dear', 'open', 'critical', 5, 1),
      incident('new', 'open', 'critical', 1, 3),
      incident('old', 'open', 'critical', 1, 2),
      incident('warning', 'open', 'warning', 9, 9),
      incident('resolved', 'resolved', 'emergency', 99, 99),
    ];
    expect([...order].reverse().sort(byGravity)).toEqual(order);
  });
});

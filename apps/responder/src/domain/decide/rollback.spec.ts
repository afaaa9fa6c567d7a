import { describe, expect, it } from '@jest/globals';
import { ActionOutcome } from '@moola/contracts/gen/moola/v1/actions_pb';
import { Severity } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { RollbackAnswer } from '@moola/contracts/gen/moola/v1/incidents_pb';
import { badRelease, ID, mitigated, RULE } from '../../testing/bad-release.js';
import { clockOf, courseOf, declared, IncidentStory, type Outcome } from '../../testing/incident-story.js';

function decisions(outcome: Outcome) {
  return outcome.events.flatMap(({ atMs, kind }) =>
    kind.case === 'decision'
      ? [
          {
            at: clockOf(atMs),
            answer: RollbackAnswer[kind.value.answer],
            from: kind.value.from,
            to: kind.value.to,
            reason: kind.value.reason,
          },
        ]
      : [],
  );
}

describe('the three answers of a rollback', () => {
  it('holds without a comparison, and when the older version breaks the budget as well', () => {
    const outcome = badRelease().at('00:50').compared('v1', 'v2', 'v2', '00:10', [-0.1, 0.5]).at('00:52').outcome();
    expect(decisions(outcome)).toEqual([
      { at: '00:40', answer: 'HOLD', from: 'v2', to: 'v1', reason: 'no comparison yet' },
      {
        at: '00:50',
        answer: 'HOLD',
        from: 'v2',
        to: 'v1',
        reason: 'candidate out of budget as well: the data changed',
      },
    ]);
    expect(outcome.actions).toEqual([]);
  });

  it('mitigates when the older version is better with confidence but out of budget', () => {
    const outcome = mitigated().outcome();
    expect(decisions(outcome).at(-1)).toEqual({
      at: '01:00',
      answer: 'MITIGATE',
      from: 'v2',
      to: 'v1',
      reason: 'better with confidence, but out of budget',
    });
    expect(outcome.actions).toMatchObject([
      {
        incident: ID,
        step: 1,
        attempt: 1,
        kind: { case: 'moveAlias', value: { registeredModel: 'LSTM', alias: 'champion', from: 'v2', to: 'v1' } },
      },
    ]);
    expect(courseOf(outcome.events)).not.toContain('01:01 resolved');
  });

  it('rolls back when it is within budget, too', () => {
    const outcome = badRelease()
      .at('00:55')
      .budget('v1', 'within')
      .compared('v1', 'v2', 'v2', '00:10', [0.02, 0.6])
      .outcome();
    expect(decisions(outcome).at(-1)).toMatchObject({ answer: 'ROLL_BACK', to: 'v1' });
  });

  it('goes to another candidate that is better than the most recent one with confidence', () => {
    const outcome = badRelease()
      .at('00:55')
      .compared('v0', 'v1', '', '00:10', [0.01, 0.2])
      .compared('v0', 'v2', 'v2', '00:10', [0.1, 0.7])
      .compared('v1', 'v2', 'v2', '00:10', [0.02, 0.6])
      .outcome();
    expect(outcome.actions[0]?.kind.value).toMatchObject({ to: 'v0' });
  });

  it('takes no comparison from before the version began to serve', () => {
    const outcome = badRelease().at('00:55').compared('v1', 'v2', 'v1', '00:01', [0.2, 0.6]).outcome();
    expect(outcome.actions).toEqual([]);
  });

  it('is not asked for a warning, nor for a rule that watches no gate', () => {
    const story = (options: { gate?: 'watched'; severity?: Severity }) =>
      new IncidentStory('LSTM', declared('LSTM'))
        .deployed('v1')
        .at('00:10')
        .deployed('v2')
        .alert(RULE, 'v2', 'firing', options);
    expect(decisions(story({ severity: Severity.WARNING }).outcome())).toEqual([]);
    expect(decisions(story({ gate: 'watched' }).outcome())).toEqual([]);
  });

  it('is advised only, where the playbook leaves it to a person', () => {
    const outcome = badRelease(declared('LSTM', { rollbackAutomatically: false }))
      .at('01:00')
      .compared('v1', 'v2', 'v2', '00:10', [0.02, 0.6])
      .at('01:05')
      .outcome();
    expect(decisions(outcome).at(-1)).toMatchObject({ answer: 'MITIGATE' });
    expect(outcome.actions).toEqual([]);
    expect(outcome.notifications.at(-1)?.title).toBe('LSTM: mitigation from v2 to v1 is advised');
  });
});

describe('a rollback', () => {
  it('is verified by the comparison since it serves, and the incident ends when the budget holds again', () => {
    const outcome = mitigated()
      .acknowledges('ada', ID, 99)
      .at('01:20')
      .compared('v1', 'v2', 'v1', '01:00', [0.1, 0.7])
      .at('01:21')
      .compared('v1', 'v2', 'v1', '01:01', [0.1, 0.7])
      .at('01:40')
      .budget('v1', 'within')
      .outcome();
    expect(courseOf(outcome.events).slice(-10)).toEqual([
      '01:00 decision',
      '01:00 tier',
      '01:00 action',
      '01:00 result',
      '01:00 servingChanged',
      '01:01 alert',
      '01:00 acknowledged',
      '01:21 verified',
      '01:40 resolved',
      '01:40 postMortem',
    ]);
    expect(outcome.notifications.at(-1)).toMatchObject({ eventAction: 'resolve' });
  });

  it('of a target within budget is verified only while that holds', () => {
    const story = badRelease()
      .at('00:55')
      .budget('v1', 'within')
      .compared('v1', 'v2', 'v2', '00:10', [0.02, 0.6])
      .at('00:56')
      .result(ID, 1)
      .deployed('v1', 'responder')
      .alert(RULE, 'v2', 'resolved')
      .budget('v1', 'out')
      .at('01:10')
      .compared('v1', 'v2', 'v1', '00:56', [0.1, 0.7])
      .at('01:11');
    expect(courseOf(story.outcome().events)).not.toContain('01:10 verified');
    expect(courseOf(story.budget('v1', 'within').outcome().events)).toEqual(
      expect.arrayContaining(['01:11 verified', '01:11 resolved']),
    );
  });

  it('that made it worse with confidence is undone and escalated', () => {
    const outcome = mitigated().at('01:30').compared('v1', 'v2', 'v1', '01:01', [-0.7, -0.1]).at('01:31').outcome();
    expect(decisions(outcome).at(-1)).toEqual({
      at: '01:30',
      answer: 'UNDO',
      from: 'v1',
      to: 'v2',
      reason: 'v1 is worse with confidence',
    });
    expect(outcome.actions[1]).toMatchObject({ step: 2, kind: { value: { from: 'v1', to: 'v2' } } });
    expect(outcome.notifications.filter(({ audience }) => audience === 'manager').at(-1)?.title).toContain(
      'made it worse',
    );
  });

  it('that shows no effect in time is escalated once, and still watched', () => {
    const outcome = mitigated()
      .acknowledges('ada', ID, 99)
      .at('03:30')
      .compared('v1', 'v2', 'v1', '01:01', [0.1, 0.7])
      .outcome();
    const late = outcome.events.filter(({ kind }) => kind.case === 'deadlineMissed');
    expect(late.map(({ atMs, kind }) => [clockOf(atMs), kind.value])).toEqual([
      ['03:01', expect.objectContaining({ deadline: 'verification', escalatedTo: 'manager' })],
    ]);
    expect(courseOf(outcome.events)).toContain('03:30 verified');
  });

  it.each([ActionOutcome.FAILED, ActionOutcome.EXPIRED, ActionOutcome.UNKNOWN])(
    'whose result is %s is escalated at once, and no other is tried',
    (result) => {
      const outcome = badRelease()
        .at('01:00')
        .compared('v1', 'v2', 'v2', '00:10', [0.02, 0.6])
        .at('01:01')
        .result(ID, 1, result, 'champion points at v7')
        .result(ID, 1, result, 'champion points at v7')
        .at('01:10')
        .compared('v1', 'v2', 'v2', '00:10', [0.03, 0.6])
        .outcome();
      expect(outcome.actions).toHaveLength(1);
      expect(outcome.events.filter(({ kind }) => kind.case === 'result')).toHaveLength(1);
      expect(courseOf(outcome.events)).toContain('01:00 rollbackFailed');
      expect(outcome.notifications.filter(({ audience }) => audience === 'manager').at(-1)?.text).toContain(
        'champion points at v7',
      );
    },
  );

  const uncertain = (story: IncidentStory, attempt: number) =>
    story.result(ID, 1, ActionOutcome.RETRYABLE, 'the registry answered 503', attempt);
  const asked = () => badRelease().at('01:00').compared('v1', 'v2', 'v2', '00:10', [0.02, 0.6]).at('01:01');

  it('whose registry could not tell for certain is tried again as the same step, and may still succeed', () => {
    const outcome = uncertain(uncertain(asked(), 1).at('01:03'), 2).at('01:05').result(ID, 1, 1, 'moved', 3).outcome();
    expect(outcome.actions.map(({ step, attempt, atMs }) => [step, attempt, clockOf(atMs)])).toEqual([
      [1, 1, '01:00'],
      [1, 2, '01:01'],
      [1, 3, '01:03'],
    ]);
    expect(courseOf(outcome.events).slice(-2)).toEqual(['01:03 action', '01:04 result']);
    expect(outcome.notifications.filter(({ title }) => title.includes('could not'))).toEqual([]);
  });

  it('whose registry never tells is given to a person after four attempts', () => {
    const story = asked();
    for (const attempt of [1, 2, 3, 4]) uncertain(story, attempt).at(`01:${10 * attempt}`);
    const outcome = story.outcome();
    expect(outcome.actions.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4]);
    expect(courseOf(outcome.events)).toContain('01:29 rollbackFailed');
    const told = outcome.notifications.filter(({ title }) => title.includes('could not be carried out'));
    expect(told.map(({ audience }) => audience)).toEqual(['manager', 'team']);
    expect(told[0]?.text).toContain('the registry answered 503');
  });

  it('is not tried again once another version serves', () => {
    const outcome = uncertain(asked(), 1).deployed('v3').at('01:10').outcome();
    expect(outcome.actions).toHaveLength(1);
  });

  it('is no longer watched when somebody ships another version meanwhile', () => {
    const { events } = mitigated().at('01:05').deployed('v3').outcome();
    expect(courseOf(events).slice(-2)).toEqual(['01:04 servingChanged', '01:04 rollbackFailed']);
  });
});

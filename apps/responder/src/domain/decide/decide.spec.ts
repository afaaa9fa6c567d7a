import { describe, expect, it } from '@jest/globals';
import { ActionOutcome } from '@moola/contracts/gen/moola/v1/actions_pb';
import { Severity } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { RollbackAnswer, Tier } from '@moola/contracts/gen/moola/v1/incidents_pb';
import { clockOf, courseOf, declared, IncidentStory, type Outcome } from '../../testing/incident-story.js';

const RULE = 'AccuracyDrop';
const ID = `LSTM-${RULE}-1`;

/** v1 served and is known good; v2 is shipped at 00:10 and collapses. */
function badRelease(definitions = declared('LSTM')): IncidentStory {
  return new IncidentStory('LSTM', definitions)
    .deployed('v0')
    .at('00:01')
    .deployed('v1')
    .budget('v0', 'out')
    .budget('v1', 'within')
    .at('00:10')
    .deployed('v2')
    .budget('v2', 'unknown', 'not proven')
    .at('00:40')
    .budget('v1', 'out')
    .budget('v2', 'out', 'not proven')
    .loses('v2', 0.12)
    .alert(RULE, 'v2', 'firing');
}

/** … until the comparison says so, and the alias is moved. */
function mitigated(): IncidentStory {
  return badRelease()
    .at('00:50')
    .compared('v1', 'v2', 'v2', '00:10', [-0.1, 0.5])
    .at('01:00')
    .compared('v1', 'v2', 'v2', '00:10', [0.02, 0.6])
    .at('01:01')
    .result(ID, 1)
    .deployed('v1', 'responder')
    .alert(RULE, 'v2', 'resolved')
    .loses('v1', 0);
}

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

describe('an incident', () => {
  it('opens when a rule fires on what serves, at the tier of its severity', () => {
    const { events } = badRelease().outcome();
    expect(courseOf(events).slice(0, 3)).toEqual(['00:40 opened', '00:40 alert', '00:40 tier']);
    expect(events[0]).toMatchObject({ incident: ID, number: 1, model: 'LSTM' });
    expect(events[2]?.kind.value).toMatchObject({ tier: Tier.ALERT_AND_SCALE });
    expect(events[3]?.kind).toMatchObject({ case: 'notApplicable', value: { action: 'scale' } });
    expect(events.map(({ number }) => number)).toEqual(events.map((_, index) => index + 1));
  });

  it('is one a rule: what fires while it is open goes into it', () => {
    const { events } = badRelease()
      .at('00:45')
      .alert(RULE, 'v2', 'resolved')
      .at('00:50')
      .alert(RULE, 'v2', 'firing')
      .outcome();
    expect(events.filter(({ kind }) => kind.case === 'opened')).toHaveLength(1);
    expect(events.filter(({ kind }) => kind.case === 'alert')).toHaveLength(3);
  });

  it('counts up for each that follows', () => {
    const { events } = new IncidentStory('LSTM', declared('LSTM'))
      .deployed('v1')
      .alert('Latency', 'v1', 'firing', { gate: 'watched', severity: Severity.WARNING })
      .at('00:05')
      .alert('Latency', 'v1', 'resolved', { gate: 'watched', severity: Severity.WARNING })
      .at('00:20')
      .alert('Latency', 'v1', 'firing', { gate: 'watched', severity: Severity.WARNING })
      .outcome();
    expect(new Set(events.map(({ incident }) => incident))).toEqual(new Set(['LSTM-Latency-1', 'LSTM-Latency-2']));
    expect(courseOf(events)).toContain('00:05 resolved');
  });

  it('tells the team, with the figures and the price of a minute', () => {
    const { notifications } = badRelease().outcome();
    expect(notifications[0]).toMatchObject({
      id: `${ID}/4/team`,
      audience: 'team',
      dedupKey: `moola.test.${ID}`,
      eventAction: 'trigger',
      title: 'CRITICAL LSTM: Accuracy is below the budget of 80 %',
      text: `accuracy 0.18 (n = 180, worth 9) < 0.80 for 5 min on v2, since 2008-06-02 00:35:00 UTC; costs $0.12 a minute. Incident ${ID}.`,
    });
  });

  it('of a model that nobody declared is recorded, and pages nobody', () => {
    const { events, notifications, actions } = badRelease([])
      .at('01:00')
      .compared('v1', 'v2', 'v2', '00:10', [0.02, 0.6])
      .at('03:00')
      .outcome();
    expect(courseOf(events)).toContain('01:10 deadlineMissed');
    expect(events.map(({ kind }) => kind.value)).toContainEqual(
      expect.objectContaining({ action: 'move_alias', reason: 'no registry is declared for the model' }),
    );
    expect(notifications).toEqual([]);
    expect(actions).toEqual([]);
  });

  it('is raised when its rule becomes more severe, with deadlines of its own', () => {
    const { events } = badRelease()
      .at('00:50')
      .alert(RULE, 'v2', 'firing', { severity: Severity.EMERGENCY })
      .at('01:06')
      .outcome();
    expect(courseOf(events)).toEqual(expect.arrayContaining(['00:50 severityRaised', '01:05 deadlineMissed']));
    expect(events.find(({ kind }) => kind.case === 'tier' && kind.value.tier === Tier.EMERGENCY)).toBeDefined();
  });
});

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

  it('is no longer watched when somebody ships another version meanwhile', () => {
    const { events } = mitigated().at('01:05').deployed('v3').outcome();
    expect(courseOf(events).slice(-2)).toEqual(['01:04 servingChanged', '01:04 rollbackFailed']);
  });
});

describe('deadlines', () => {
  it('are recorded once, at the instant at which they were due, when nobody has acknowledged', () => {
    const story = badRelease();
    const due = story.outcome().events[0]?.atMs ?? 0;
    const rows = [...story.rows, { tick: due + 3 * 3_600_000 + 17 }];
    const jumped = new IncidentStory('LSTM', []);
    jumped.rows.push(...rows);
    const missed = jumped
      .at('06:00')
      .outcome()
      .events.filter(({ kind }) => kind.case === 'deadlineMissed');
    expect(missed.map(({ atMs, kind }) => [clockOf(atMs), kind.value])).toEqual([
      ['01:10', expect.objectContaining({ deadline: 'response', escalatedTo: 'team' })],
      ['01:40', expect.objectContaining({ deadline: 'escalation', escalatedTo: 'manager' })],
    ]);
  });

  it('are met by an acknowledgement', () => {
    const { events, notifications } = badRelease().at('00:50').acknowledges('ada', ID, 4).at('02:00').outcome();
    expect(courseOf(events)).toContain('00:49 acknowledged');
    expect(courseOf(events)).not.toContain('01:10 deadlineMissed');
    expect(notifications.at(-1)).toMatchObject({ eventAction: 'acknowledge', text: `${ID} was acknowledged by ada.` });
  });
});

describe('commands', () => {
  it('are taken once', () => {
    const { events } = badRelease().at('00:50').acknowledges('ada', ID, 4).acknowledges('ada', ID, 4).outcome();
    expect(events.filter(({ kind }) => kind.case === 'acknowledged')).toHaveLength(1);
    expect(events.filter(({ kind }) => kind.case === 'commandRefused')).toHaveLength(0);
  });

  it('are refused with a reason when the incident is unknown, over, changed or taken care of', () => {
    const { events } = badRelease()
      .at('00:50')
      .acknowledges('ada', 'LSTM-Nothing-1', 3)
      .resolves('ada', ID, 1, 'looks fine', 'early')
      .acknowledges('ada', ID, 4)
      .acknowledges('bob', ID, 4)
      .resolves('bob', ID, 99, 'rolled back by hand')
      .at('00:51')
      .acknowledges('eve', ID, 99)
      .outcome();
    const refused = events.flatMap(({ incident, number, kind }) =>
      kind.case === 'commandRefused' ? [[incident, number > 0, kind.value.reason]] : [],
    );
    expect(refused).toEqual([
      ['LSTM-Nothing-1', false, 'there is no incident "LSTM-Nothing-1"; list them to see which there are'],
      [ID, true, expect.stringContaining('has changed by event')],
      [ID, true, `ada has acknowledged ${ID} already`],
      [ID, true, `${ID} is resolved since 2008-06-02 00:49:00 UTC`],
    ]);
  });

  it('resolve an incident with its cost, and another opens when the rule fires again', () => {
    const { events } = badRelease()
      .at('00:50')
      .resolves('ada', ID, 99, 'a known outage')
      .at('01:00')
      .alert(RULE, 'v2', 'firing')
      .outcome();
    const resolved = events.find(({ kind }) => kind.case === 'resolved');
    expect(resolved?.kind.value).toMatchObject({ by: 'ada', reason: 'a known outage', command: `ada-resolve-${ID}` });
    expect(resolved?.kind.value).toHaveProperty('costUsd', expect.closeTo(10 * 0.12));
    expect(courseOf(events)).toContain('01:00 opened');
  });
});

describe('the record', () => {
  it('holds each receipt once', () => {
    const { events } = badRelease()
      .at('00:50')
      .receipt(ID, `${ID}/4/team`, 1)
      .receipt(ID, `${ID}/4/team`, 1)
      .receipt(ID, `${ID}/4/team`, 2)
      .outcome();
    expect(events.filter(({ kind }) => kind.case === 'receipt')).toHaveLength(2);
  });

  it('holds the price, so that who reads on knows it at every tick', () => {
    const { events } = badRelease().at('00:45').loses('v2', 0.2).at('00:50').outcome();
    const priced = events.flatMap(({ atMs, kind }) =>
      kind.case === 'priced' ? [{ at: clockOf(atMs), ...kind.value }] : [],
    );
    expect(priced).toMatchObject([
      { at: '00:40', costUsd: expect.closeTo(0.12), usdPerMinute: 0.12 },
      { at: '00:45', costUsd: expect.closeTo(5 * 0.12 + 0.2), usdPerMinute: 0.2 },
    ]);
  });

  it('passes ticks on to incidents, notifications and actions, after its own rows', () => {
    const { emitted } = badRelease().outcome();
    const last = emitted.slice(-3).map(({ topic, partition, content }) => [topic, partition, content.kind]);
    expect(last).toEqual([
      ['incidents', 'all', 'tick'],
      ['notifications', 'all', 'tick'],
      ['actions', 'all', 'tick'],
    ]);
  });

  it('is the same after a restart before any row', () => {
    const story = mitigated()
      .acknowledges('ada', ID, 99)
      .receipt(ID, `${ID}/4/team`, 1)
      .at('01:21')
      .compared('v1', 'v2', 'v1', '01:01', [0.1, 0.7])
      .at('01:40')
      .budget('v1', 'within')
      .at('01:50');
    const plain = story.outcome().emitted;
    expect(story.outcome(new Set(story.rows.keys())).emitted).toEqual(plain);
    for (let index = 0; index < story.rows.length; index += 5) {
      expect(story.outcome(new Set([index, index + 7])).emitted).toEqual(plain);
    }
  });
});

import { describe, expect, it } from '@jest/globals';
import { Severity } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { Tier, type Notification } from '@moola/contracts/gen/moola/v1/incidents_pb';
import { badRelease, ID, mitigated, RULE } from '../../testing/bad-release.js';
import { clockOf, courseOf, declared, IncidentStory } from '../../testing/incident-story.js';

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

  it('is one a model and rule, whatever their names are joined to', () => {
    const fraud = new IncidentStory('fraud', declared('fraud')).deployed('v1').alert('eu-AccuracyDrop', 'v1', 'firing');
    const fraudEu = new IncidentStory('fraud-eu', declared('fraud-eu')).deployed('v1');
    fraud.rows.push(...fraudEu.alert('AccuracyDrop', 'v1', 'firing').rows);
    const { events, notifications } = fraud.outcome();
    const opened = events.filter(({ kind }) => kind.case === 'opened').map(({ incident, model }) => [model, incident]);
    expect(opened).toEqual([
      ['fraud', 'fraud~eu-AccuracyDrop~1'],
      ['fraud-eu', 'fraud-eu~AccuracyDrop~1'],
    ]);
    const triggers = notifications.filter(({ eventAction }) => eventAction === 'trigger');
    expect(new Set(triggers.map(({ dedupKey }) => dedupKey)).size).toBe(2);
    expect(new Set(triggers.map(({ id }) => id)).size).toBe(triggers.length);
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
    expect(new Set(events.map(({ incident }) => incident))).toEqual(new Set(['LSTM~Latency~1', 'LSTM~Latency~2']));
    expect(courseOf(events)).toContain('00:05 resolved');
  });

  it('tells the team once, with figure, limit, version, time, price, and what is being done', () => {
    const { notifications } = badRelease().outcome();
    expect(notifications).toMatchObject([
      {
        id: `${ID}/6/team`,
        audience: 'team',
        dedupKey: `moola.test.${ID}`,
        eventAction: 'trigger',
        title: 'CRITICAL LSTM: Accuracy 18 %, limit 80 %, v2, since 00:35 UTC',
        text: [
          'Accuracy is below the budget of 80 %. Accuracy 18 %, limit 80 % (n = 180, effective sample size 9, over 30 min) on v2 for 5 min, since 2008-06-02 00:35:00 UTC; it costs $0.12 a minute. Incident LSTM~AccuracyDrop~1.',
          'Rollback held, too few inputs that v1 and v2 both answered. v2 goes on serving. v0: no input yet that both answered; v1: no input yet that both answered. The decision is reviewed when the figures change.',
        ].join('\n'),
        runbook: 'https://wiki.example.org/accuracy',
      },
    ]);
  });

  it('that asks for a rollback at once says so in the message of its opening, to everybody who hears of it', () => {
    const { notifications } = badRelease().compared('v1', 'v2', 'v2', '00:10', [0.02, 0.6]).outcome();
    expect(notifications.map(({ audience, eventAction, title }) => [audience, eventAction, title])).toEqual([
      ['manager', 'trigger', 'CRITICAL LSTM: Accuracy 18 %, limit 80 %, v2, since 00:35 UTC'],
      ['team', 'trigger', 'CRITICAL LSTM: Accuracy 18 %, limit 80 %, v2, since 00:35 UTC'],
    ]);
    expect(notifications[0]?.text.split('\n')[1]).toMatch(
      /^Mitigation from v2 to v1\. A release is probably the cause: v1 is better with confidence, but out of budget\./,
    );
  });

  it.each([
    [{ severity: Severity.WARNING }, 'No rollback is considered at severity WARNING.'],
    [{ gate: 'watched' as const }, 'No rollback is considered: only lines with `gate: true` can cause one.'],
  ])('of %j says why no rollback is considered', (options, said) => {
    const { notifications } = new IncidentStory('LSTM', declared('LSTM'))
      .deployed('v1')
      .alert(RULE, 'v1', 'firing', options)
      .outcome();
    expect(notifications).toHaveLength(1);
    expect(notifications[0]?.text.split('\n')[1]).toBe(said);
  });

  it('never says two things to one audience at one time', () => {
    const all = mitigated().at('01:14').acknowledges('ada', ID, 15).at('03:30').outcome().emitted;
    const times = all.flatMap(({ topic, content }) => {
      if (topic !== 'notifications' || content.kind !== 'data') return [];
      const { atMs, kind } = content.value as Notification;
      return kind.case === 'intent' ? [`${clockOf(atMs)} ${kind.value.audience}`] : [];
    });
    expect(times.length).toBeGreaterThan(5);
    expect(new Set(times).size).toBe(times.length);
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

  it('costs from its breach on, restarts or not: what a pending alert cost counts once it fires', () => {
    const story = new IncidentStory('LSTM', declared('LSTM')).deployed('v2').budget('v2', 'out').loses('v2', 0.1);
    // A breach that passes is no incident, and costs nothing of one.
    story.at('00:10').alert(RULE, 'v2', 'pending').at('00:12').alert(RULE, 'v2', 'inactive');
    story.at('00:20').alert(RULE, 'v2', 'pending').at('00:25').alert(RULE, 'v2', 'firing').at('00:26');
    for (const restartBefore of [new Set<number>(), new Set(story.rows.keys())]) {
      const { events } = story.outcome(restartBefore);
      const priced = events.flatMap(({ atMs, kind }) =>
        kind.case === 'priced' ? [{ at: clockOf(atMs), ...kind.value }] : [],
      );
      // Minutes 20 to 25, the breach's and the opening's counted.
      expect(priced).toMatchObject([{ at: '00:25', costUsd: expect.closeTo(6 * 0.1), usdPerMinute: 0.1 }]);
    }
  });

  it('costs nobody knows how much where nobody declared what an answer is worth', () => {
    const definitions = declared('LSTM').filter(({ kind }) => kind.case !== 'value');
    const { events, notifications } = new IncidentStory('LSTM', definitions)
      .deployed('v2')
      .budget('v2', 'out')
      .alert(RULE, 'v2', 'firing')
      .at('00:10')
      .budget('v2', 'within')
      .alert(RULE, 'v2', 'resolved')
      .at('00:11')
      .outcome();
    const of = (kind: string) => events.find((event) => event.kind.case === kind)?.kind.value;
    expect(of('opened')).toMatchObject({ costUnknown: true });
    expect(of('resolved')).toMatchObject({ costUnknown: true, costUsd: 0 });
    expect(of('postMortem')).toMatchObject({ costUnknown: true });
    expect(of('postMortem')).toHaveProperty('markdown', expect.not.stringContaining('$'));
    const said = notifications.map(({ text }) => text).join('\n');
    expect(said).not.toContain('$');
    expect(said).toContain('What it cost is unknown: nobody declared what an answer is worth');
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

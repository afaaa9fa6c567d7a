import { describe, expect, it } from '@jest/globals';
import { badRelease, ID, RULE } from '../../testing/bad-release.js';
import { clockOf, courseOf, IncidentStory } from '../../testing/incident-story.js';

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
    expect(notifications.at(-1)).toMatchObject({
      ...{ eventAction: 'acknowledge', title: 'LSTM: ada (name self-declared) takes care of it' },
      text: `${ID} was acknowledged by ada (name self-declared).`,
    });
  });

  it('are met by somebody who is authenticated: the name stands as it is, in messages and in the post-mortem', () => {
    const story = badRelease().at('00:50').acknowledges('ada', ID, 4, 'ack', true);
    const outcome = story.resolves('eve', ID, 99, 'rolled back by hand').at('00:55').outcome();
    expect(outcome.notifications.map(({ text }) => text)).toContain(`${ID} was acknowledged by ada.`);
    const [markdown = ''] = outcome.events.flatMap(({ kind }) =>
      kind.case === 'postMortem' ? [kind.value.markdown] : [],
    );
    expect(markdown).toContain('| Acknowledged by | ada |');
    expect(markdown).toContain('| What ended it | eve (name self-declared) resolved it by hand |');
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
      .acknowledges('ada', 'LSTM~Nothing~1', 3)
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
      ['LSTM~Nothing~1', false, 'there is no incident "LSTM~Nothing~1"; list them to see which there are'],
      [ID, true, expect.stringContaining('has changed by event')],
      [ID, true, `ada (name self-declared) has acknowledged ${ID} already`],
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

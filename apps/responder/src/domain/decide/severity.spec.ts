import { describe, expect, it } from '@jest/globals';
import { Severity } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { eventText } from '@moola/wording/event-text';
import { badRelease, ID, RULE } from '../../testing/bad-release.js';
import type { Outcome } from '../../testing/incident-story.js';

const { WARNING, CRITICAL, EMERGENCY } = Severity;

const told = ({ events }: Outcome, ...kinds: string[]): string[] =>
  events.filter(({ kind }) => kinds.includes(kind.case ?? '')).map(eventText);

describe('an alert on a canary', () => {
  it('opens no incident, and leaves that of what serves alone', () => {
    const story = badRelease().at('00:45').alert(RULE, 'v3', 'firing', { role: Role.CANARY }).at('01:00');
    const outcome = story.outcome();
    expect(told(outcome, 'opened')).toHaveLength(1);
    expect(told(outcome, 'resolved')).toEqual([]);
  });
});

describe('an alert that rises', () => {
  const story = () =>
    badRelease()
      .at('00:50')
      .alert(RULE, 'v2', 'firing', { before: CRITICAL, severity: EMERGENCY, reason: 'severity rose', value: 0.05 })
      .at('01:00');

  it('raises its incident, and tells of the new severity once, with the figure of now', () => {
    const outcome = story().outcome();
    expect(told(outcome, 'opened')).toHaveLength(1);
    expect(told(outcome, 'severityRaised', 'alert').slice(-2)).toEqual([
      `${RULE} on v2 is EMERGENCY now, was CRITICAL: Accuracy 5 %, limit 80 % (n = 180, effective sample size 9, over 30 min)`,
      'Severity raised from CRITICAL to EMERGENCY',
    ]);
    const raised = outcome.notifications.filter(({ text }) => text.includes('Raised from CRITICAL to EMERGENCY'));
    expect(raised.map(({ audience, severity }) => [audience, severity])).toEqual([
      ['executive', EMERGENCY],
      ['team', EMERGENCY],
    ]);
    expect(raised[1]?.title).toContain('EMERGENCY LSTM: Accuracy 5 %, limit 80 %');
    expect(raised[1]?.text).toContain('Raised from CRITICAL to EMERGENCY: Accuracy 5 %, limit 80 %');
  });

  it('and falls again is on the record, and pages nobody', () => {
    const fallen = story()
      .alert(RULE, 'v2', 'firing', { before: EMERGENCY, severity: WARNING, reason: 'severity fell' })
      .at('01:05');
    const outcome = fallen.outcome();
    expect(told(outcome, 'alert').at(-1)).toContain('is WARNING now, was EMERGENCY');
    expect(outcome.notifications).toHaveLength(story().at('01:05').outcome().notifications.length);
    const again = fallen.alert(RULE, 'v2', 'firing', { before: WARNING, severity: EMERGENCY }).at('01:10').outcome();
    expect(told(again, 'severityRaised')).toHaveLength(1);
  });

  it('opens the next incident where a person has resolved the one before; falling does not', () => {
    const resolved = () => badRelease().at('00:50').resolves('ada', ID, 99, 'a known outage').at('00:55');
    const rose = resolved()
      .alert(RULE, 'v2', 'firing', { before: CRITICAL, severity: EMERGENCY })
      .at('00:57')
      .outcome();
    const opened = rose.events.filter(({ kind }) => kind.case === 'opened');
    expect(opened.map(({ kind }) => kind.value)).toMatchObject([{ reopens: '' }, { reopens: ID, severity: EMERGENCY }]);
    const fell = resolved().alert(RULE, 'v2', 'firing', { before: CRITICAL, severity: WARNING }).at('00:57').outcome();
    expect(told(fell, 'opened')).toHaveLength(1);
  });
});

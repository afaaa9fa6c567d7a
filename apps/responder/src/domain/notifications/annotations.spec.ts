import { describe, expect, it } from '@jest/globals';

import { badRelease, RULE } from '../../testing/bad-release.js';

describe('the words of a rule in an incident', () => {
  const { notifications, events } = badRelease()
    .at('00:45')
    .alert('Words', 'v2', 'firing', {
      gate: 'watched',
      summary: '{{ model }} is at {{ figure }}',
      description: 'Ask {{ labels.team }} about {{ rule }}',
      labels: { team: 'fraud' },
    })
    .at('01:00')
    .alert('Words', 'v2', 'resolved', { gate: 'watched' })
    .at('01:30')
    .outcome();
  const message = notifications.find(({ incident }) => incident.includes('Words'));

  it('are filled in, and its labels go along', () => {
    expect(message?.text).toContain('LSTM is at 18 %. Accuracy 18 %, limit 80 %');
    expect(message?.text).toContain('\nAsk fraud about Words\n');
    expect(message?.labels).toEqual({ team: 'fraud' });
    expect(notifications.find(({ incident }) => incident.includes(RULE))?.labels).toEqual({});
  });

  it('stand in its post-mortem', () => {
    const written = events.find(({ incident, kind }) => incident.includes('Words') && kind.case === 'postMortem');
    const markdown = written?.kind.case === 'postMortem' ? written.kind.value.markdown : '';
    expect(markdown).toContain('| Description | Ask fraud about Words |');
    expect(markdown).toContain('| Labels | team=fraud |');
  });
});

import { describe, expect, it } from '@jest/globals';
import { eventText } from '@moola/wording/event-text';
import { declared, IncidentStory } from '../../testing/incident-story.js';

const rule = 'ByCountry';
const story = () => new IncidentStory('Fraud', declared('Fraud')).at('00:10');

describe('an incident about a segment', () => {
  it('is one of its own for each segment, names it, and is over when the alert on it is', () => {
    const { events, notifications } = story()
      .segmentAlert(rule, 'v2', 'de', 'firing')
      .at('00:11')
      .segmentAlert(rule, 'v2', 'fr', 'firing')
      .at('00:20')
      .segmentAlert(rule, 'v2', 'fr', 'resolved')
      .at('00:25')
      .segmentAlert(rule, 'v2', 'fr', 'firing')
      .at('00:30')
      .segmentAlert(rule, 'v2', 'de', 'resolved', 'ended')
      .at('00:40')
      .outcome();
    const told = events.flatMap(({ incident, kind }) =>
      kind.case === 'opened' || kind.case === 'resolved' ? [`${incident} ${kind.case}`] : [],
    );
    expect(told).toEqual([
      `Fraud~${rule}~1 opened`,
      `Fraud~${rule}~2 opened`,
      `Fraud~${rule}~2 resolved`,
      `Fraud~${rule}~3 opened`,
      `Fraud~${rule}~1 resolved`,
    ]);
    expect(notifications[0]?.title).toContain('Accuracy (country de) 50 %, limit 80 %, v2');
    const over = events.filter(({ incident, kind }) => incident === `Fraud~${rule}~1` && kind.case === 'alert').at(-1)!;
    expect(eventText(over)).toBe('ByCountry is over on v2: ended, Accuracy (country de) 50 %, limit 80 % (n = 200)');
  });
});

import { describe, expect, it } from '@jest/globals';
import { inferredBy } from '@moola/contracts/inferred-deployment';
import { eventText } from '@moola/wording/event-text';
import { RULE } from '../../testing/bad-release.js';
import { declared, IncidentStory, STORY_BEGINS_MS } from '../../testing/incident-story.js';

const said = 'v2 answers since 2008-06-02 00:10:00 UTC; no deployment event was sent';

describe('an incident of a version of which no deployment event told', () => {
  const story = () => new IncidentStory('LSTM', declared('LSTM')).deployed('v1').at('00:10').deployed('v2', inferredBy);
  const opened = () => story().at('00:30').alert(RULE, 'v2', 'firing');

  it('says so where it opens, to people and in its timeline', () => {
    const { events, notifications } = opened().outcome();
    const [first] = events;
    expect(first?.kind).toMatchObject({ case: 'opened', value: { inferredSinceMs: STORY_BEGINS_MS + 10 * 60_000 } });
    expect(first && eventText(first)).toContain(`. ${said}`);
    expect(notifications[0]?.text).toContain(`${said}.`);
  });

  it('says nothing of it where an event told', () => {
    const { events, notifications } = new IncidentStory('LSTM', declared('LSTM'))
      .deployed('v1')
      .at('00:30')
      .alert(RULE, 'v1', 'firing')
      .outcome();
    expect(events.map(eventText).join()).not.toContain('no deployment event');
    expect(notifications.map(({ text }) => text).join()).not.toContain('no deployment event');
  });

  it('names nobody as the one who deployed it, and has the missing event among its action items', () => {
    const { events } = opened()
      .at('00:40')
      .deployed('v1', inferredBy)
      .alert(RULE, 'v2', 'resolved')
      .budget('v1', 'within')
      .outcome();
    const texts = events.map(eventText);
    expect(texts).toContain(
      'v1 answers since 2008-06-02 00:40:00 UTC; no deployment event was sent: it serves instead of v2',
    );
    const postMortem = events.find(({ kind }) => kind.case === 'postMortem')?.kind;
    expect(postMortem?.case === 'postMortem' && postMortem.value.ending?.by).toBe('');
    expect(postMortem?.case === 'postMortem' && postMortem.value.actionItems).toContainEqual(
      expect.objectContaining({
        text: 'Send a deployment event with each release of LSTM: none was sent of v2',
        state: 'open',
      }),
    );
  });
});

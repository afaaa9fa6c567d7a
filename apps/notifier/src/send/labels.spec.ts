import { describe, expect, it } from '@jest/globals';
import { noticeFor } from '../story/attempts.js';
import { moreLines } from './more.js';
import { pagerDutyEvent } from './pagerduty/payload.js';
import { slackPayload } from './slack/payload.js';
import { webhookPayload } from './webhook/payload.js';

const labels = { tier: '1', team: 'fraud & <risk>' };

describe('the labels of a rule', () => {
  it('stand in what every channel sends', () => {
    expect(webhookPayload(noticeFor('webhook/x', { labels }))).toMatchObject({ data: { labels } });
    expect(pagerDutyEvent(noticeFor('pagerduty/x', { labels }), 'key')).toMatchObject({
      payload: { custom_details: { labels } },
    });
    expect(moreLines(noticeFor('email/x', { labels })).at(-1)).toBe('Labels: team=fraud & <risk>, tier=1');
    const slack = JSON.stringify(slackPayload(noticeFor('slack/x', { labels })));
    expect(slack.match(/Labels: team=fraud &amp; &lt;risk&gt;, tier=1/g)).toHaveLength(2);
  });

  it('are left out where there are none', () => {
    for (const payload of [webhookPayload, slackPayload, (notice: never) => pagerDutyEvent(notice, 'key')]) {
      expect(JSON.stringify(payload(noticeFor('slack/x') as never)).toLowerCase()).not.toContain('labels');
    }
  });
});

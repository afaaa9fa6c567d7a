import { z } from 'zod';
import type { AttemptResult } from '../channel.js';
import { channelKind } from '../channel-kind.js';
import { answerText, judge } from '../http/judge.js';
import { post, type PostResult } from '../http/post.js';
import { secureUrl } from '../secure-url.js';
import { pagerDutyEvent } from './payload.js';

/** A service of PagerDuty, by its Events API v2. It folds repetitions by the dedup key. */
export const pagerDuty = channelKind({
  kind: 'pagerduty',
  settings: {
    routingKey: {
      variable: 'PAGERDUTY_ROUTING_KEY',
      schema: z.string('is missing').regex(/^[0-9A-Za-z]{32}$/, 'must have 32 letters and digits'),
      text: 'Integration key of the service (Events API v2).',
      secret: true,
    },
    url: {
      variable: 'PAGERDUTY_URL',
      schema: secureUrl,
      default: 'https://events.pagerduty.com',
      text: 'Where the Events API v2 is: another one for the EU region.',
    },
  },
  open: ({ routingKey, url }, { clock }) => ({
    foldsRepetitions: true,
    async attempt(notice, signal) {
      const request = {
        url: new URL('/v2/enqueue', url),
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(pagerDutyEvent(notice, routingKey)),
      };
      return judge(await post(request, signal), clock.nowMs(), accepted);
    },
  }),
});

function accepted(answer: Extract<PostResult, { kind: 'answered' }>): AttemptResult {
  if (answer.status === 202) return { outcome: 'delivered', detail: 'accepted' };
  return { outcome: 'failed', detail: `${answerText(answer)} (expected HTTP 202)` };
}

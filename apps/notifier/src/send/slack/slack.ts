import type { AttemptResult } from '../channel.js';
import { channelKind } from '../channel-kind.js';
import { answerText, judge } from '../http/judge.js';
import { post, type PostResult } from '../http/post.js';
import { secureUrl } from '../secure-url.js';
import { slackPayload } from './payload.js';

/** An incoming webhook of Slack, or of what speaks like it (Mattermost, Rocket.Chat). It takes about a message a second. */
export const slack = channelKind({
  kind: 'slack',
  settings: {
    url: {
      variable: 'SLACK_URL',
      schema: secureUrl,
      text: 'Address of the incoming webhook.',
      secret: true,
    },
  },
  open: ({ url }, { clock }) => ({
    foldsRepetitions: false,
    async attempt(intent, signal) {
      const headers = { 'content-type': 'application/json; charset=utf-8' };
      const result = await post({ url, headers, body: JSON.stringify(slackPayload(intent)) }, signal);
      return judge(result, clock.nowMs(), accepted);
    },
  }),
});

/** A webhook says `ok`; the Web API says `{"ok": …}`, with 200 for failures too. */
function accepted(answer: Extract<PostResult, { kind: 'answered' }>): AttemptResult {
  const said = answer.body.trim();
  if (said === 'ok' || /^\{\s*"ok"\s*:\s*true\b/.test(said)) return { outcome: 'delivered', detail: 'ok' };
  return { outcome: 'failed', detail: `${answerText(answer)} (expected "ok")` };
}

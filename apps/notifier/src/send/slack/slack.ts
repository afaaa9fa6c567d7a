import type { AttemptResult } from '../channel.js';
import { channelKind } from '../channel-kind.js';
import { answerText, judge } from '../http/judge.js';
import { post, type PostResult } from '../http/post.js';
import { secureUrl } from '../secure-url.js';
import { slackPayload } from './payload.js';

/** An incoming webhook of Slack, or of what speaks like it (Mattermost, Rocket.Chat, Zulip). It takes about a message a second. */
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
    async attempt(notice, signal) {
      const headers = { 'content-type': 'application/json; charset=utf-8' };
      const result = await post({ url, headers, body: JSON.stringify(slackPayload(notice)) }, signal);
      return judge(result, clock.nowMs(), accepted);
    },
  }),
});

/**
 * Delivered is a body of `ok` (Slack, Mattermost) or a JSON object whose own `ok` or `success` is true, in any order of
 * its keys (Slack's Web API, Zulip; Rocket.Chat). They say false with status 200, too.
 */
function accepted(answer: Extract<PostResult, { kind: 'answered' }>): AttemptResult {
  const said = answer.body.trim();
  if (said === 'ok' || saysTrue(said)) return { outcome: 'delivered', detail: 'ok' };
  return { outcome: 'failed', detail: `${answerText(answer)} (expected "ok")` };
}

/** One of them true is enough; one of them false is a refusal, whatever the other says. */
function saysTrue(body: string): boolean {
  const { ok, success } = ownKeys(body);
  return (ok === true || success === true) && ok !== false && success !== false;
}

function ownKeys(body: string): { readonly ok?: unknown; readonly success?: unknown } {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  } catch {
    return {};
  }
}

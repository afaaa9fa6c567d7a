import type { AttemptResult } from '../channel.js';
import { oneLine } from '../limited-text.js';
import type { PostResult } from './post.js';
import { retryAfterMs } from './retry-after.js';

type Answered = Extract<PostResult, { kind: 'answered' }>;

/** "Not now" by HTTP, beside every 5xx: request timeout, too early, too many requests. */
const notNow = new Set([408, 425, 429]);

/**
 * What an answer means that is not a success: 408, 425, 429 and 5xx are worth another attempt, redirects and all other
 * answers are final.
 * @param accepted judges a 2xx, which each peer gives in its own way
 */
export function judge(result: PostResult, nowMs: number, accepted: (answer: Answered) => AttemptResult): AttemptResult {
  switch (result.kind) {
    case 'not sent':
      return { outcome: 'retryable', detail: result.detail, retryAfterMs: 0 };
    case 'no answer':
      return { outcome: 'unknown', detail: result.detail };
    case 'answered':
      return result.status >= 200 && result.status < 300 ? accepted(result) : refused(result, nowMs);
  }
}

function refused(answer: Answered, nowMs: number): AttemptResult {
  const { status, headers } = answer;
  const detail = answerText(answer);
  if (notNow.has(status) || status >= 500) {
    return { outcome: 'retryable', detail, retryAfterMs: retryAfterMs(headers['retry-after'], nowMs) };
  }
  if (status >= 300 && status < 400) return { outcome: 'failed', detail: `HTTP ${status}: redirects are not followed` };
  return { outcome: 'failed', detail };
}

/** `HTTP 404: no_team` */
export function answerText({ status, body }: Answered): string {
  const said = oneLine(body, 200);
  return `HTTP ${status}${said === '' ? '' : `: ${said}`}`;
}

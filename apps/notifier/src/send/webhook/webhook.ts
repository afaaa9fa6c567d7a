import type { AttemptResult, Channel } from '../channel.js';
import { channelKind } from '../channel-kind.js';
import { judge } from '../http/judge.js';
import { post, type PostResult } from '../http/post.js';
import { secureUrl } from '../secure-url.js';
import { webhookPayload } from './payload.js';
import { signingSecrets } from './secrets.js';
import { signed, webhookId } from './signature.js';

const gone = 410;

/** Any receiver of Standard Webhooks. It folds repetitions by `webhook-id`; 410 Gone ends it until the next start. */
export const webhook = channelKind({
  kind: 'webhook',
  settings: {
    url: {
      variable: 'WEBHOOK_URL',
      schema: secureUrl,
      text: 'Where notifications are posted to.',
      secret: true,
    },
    secrets: {
      variable: 'WEBHOOK_SECRET',
      schema: signingSecrets,
      text: 'Signing secret (`whsec_…`), or several, separated by spaces, while one is replaced.',
      secret: true,
    },
  },
  open({ url, secrets }, { clock }): Channel {
    let isGone = false;
    return {
      foldsRepetitions: true,
      async attempt(notice, signal) {
        if (isGone)
          return { outcome: 'failed', detail: 'the receiver has answered 410 Gone: switched off until the next start' };
        const body = JSON.stringify(webhookPayload(notice));
        const id = webhookId(notice.channelName, notice.notification);
        const headers = { 'content-type': 'application/json', ...signed(id, clock.nowMs(), body, secrets) };
        const result = await post({ url, headers, body }, signal);
        isGone = result.kind === 'answered' && result.status === gone;
        return judge(result, clock.nowMs(), accepted);
      },
    };
  },
});

function accepted({ status }: Extract<PostResult, { kind: 'answered' }>): AttemptResult {
  return { outcome: 'delivered', detail: `HTTP ${status}` };
}

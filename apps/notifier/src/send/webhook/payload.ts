import type { Notice } from '../channel.js';

/** The body of a webhook. Receivers tell repetitions by `webhook-id`, not by the body: its time is that of the attempt. */
export function webhookPayload(notice: Notice): object {
  const { notification, incident, model, severity, audience, eventAction, dedupKey, title, text, url, runbook } =
    notice;
  const { labels } = notice;
  return {
    type: `moola.notification.${eventAction}`,
    timestamp: new Date(notice.atMs).toISOString(),
    data: {
      ...{ notification, incident, model, severity, audience, eventAction, dedupKey, title, text, url, runbook },
      ...(Object.keys(labels).length > 0 && { labels }),
    },
  };
}

import type { DeliveryIntent } from '@moola/contracts/gen/moola/v1/actions_pb';

/** The body of a webhook. Receivers tell repetitions by `webhook-id`, not by the body: its time is that of the attempt. */
export function webhookPayload(intent: DeliveryIntent): object {
  const { notification, incident, model, severity, audience, eventAction, dedupKey, title, text } = intent;
  return {
    type: `moola.notification.${eventAction}`,
    timestamp: new Date(intent.atMs).toISOString(),
    data: { notification, incident, model, severity, audience, eventAction, dedupKey, title, text },
  };
}

import type { DeliveryIntent } from '@moola/contracts/gen/moola/v1/actions_pb';

/** The same bytes for every attempt: nothing here depends on which attempt it is, but for `attempt`'s absence. */
export function webhookPayload(intent: DeliveryIntent): object {
  const { notification, incident, model, severity, audience, eventAction, dedupKey, title, text } = intent;
  return {
    type: `moola.notification.${eventAction}`,
    timestamp: new Date(intent.atMs).toISOString(),
    data: { notification, incident, model, severity, audience, eventAction, dedupKey, title, text },
  };
}

import type { Event } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { receive } from '../domain/receive.js';
import type { ReceivedEvent } from '../domain/receiver.js';
import { contentId } from '../event-id.js';
import { identifierHash } from '../identifier-hash.js';
import { storyNowMs } from './random-events.js';

const horizonMs = 31 * 24 * 3_600_000;

/** What events are received with when the quick readers are held to the general way. */
export const quickSettings = {
  horizonMs,
  replaceIdentifier: identifierHash({ id: 'k', secret: 'a secret of enough length' }),
  contentId,
};
export const quickRange = { fromMs: storyNowMs - horizonMs, untilMs: storyNowMs + 300_000 };

/** What `receive` says of an event of the generated reader: the meaning of what is read quickly. */
export function receivedInGeneral(event: Event): ReceivedEvent {
  const { id } = event;
  const received = receive(event, { nowMs: storyNowMs, ...quickSettings });
  return received.accepted ? received : { ...received, id };
}

/** What is said of unknown fields beside the reason is tested elsewhere. */
export function withoutHint(received: ReceivedEvent): ReceivedEvent {
  if (received.accepted) return received;
  const detail = received.refused.detail.replace(/; fields that this version does not know: .*$/, '');
  return { ...received, refused: { ...received.refused, detail } };
}

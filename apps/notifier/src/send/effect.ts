import type { DeliveryIntent } from '@moola/contracts/gen/moola/v1/actions_pb';
import { topics } from '@moola/contracts/topics';
import { traced } from '@moola/platform/tracing/traced';
import type { EffectSettings } from '@moola/streams/effects/effect';
import { receiptRows } from './receipt-rows.js';
import type { Perform } from './send.js';

/** What `startEffect` needs beside the environment's own. */
export type SendEffect = Pick<EffectSettings<DeliveryIntent>, 'name' | 'topic' | 'key' | 'perform'>;

/**
 * Makes the attempts that `plan` asks for; receipts go back to it and onto the incident's record.
 * @param notificationPartitions how many partitions `notifications` has
 */
export function sendEffect(perform: Perform, notificationPartitions: number): SendEffect {
  return {
    name: 'notifier/send',
    topic: topics.deliveries,
    key: ({ notification, channelKind, channelName, attempt }) =>
      JSON.stringify([notification, channelKind, channelName, attempt]),
    async perform(intent, { stillOwner }) {
      const attributes = {
        'moola.channel': `${intent.channelKind}/${intent.channelName}`,
        'moola.attempt': intent.attempt,
      };
      const span = { name: 'notifier/send', kind: 'client', attributes } as const;
      const receipt = await traced(span, () => perform(intent, stillOwner));
      if (receipt === 'not-owner') return receipt;
      const { notification, signal } = receiptRows(intent, receipt, notificationPartitions);
      return [
        { topic: topics.notifications, ...notification },
        { topic: topics.signals, ...signal },
      ];
    },
  };
}

import type { DeliveryIntent } from '@moola/contracts/gen/moola/v1/actions_pb';
import { topics } from '@moola/contracts/topics';
import { resultRow, type Effect } from '@moola/streams/start-effect';
import { receiptRows } from './receipt-rows.js';
import type { Perform } from './send.js';

/** Makes the attempts that `plan` asks for; receipts go back to it and onto the incident's record. */
export function sendEffect(perform: Perform, notificationPartitions: number): Effect<DeliveryIntent> {
  return {
    name: 'notifier/send',
    input: topics.deliveries,
    async perform(intent, stop) {
      const receipt = await perform(intent, stop);
      stop.throwIfAborted();
      const { notification, signal } = receiptRows(intent, receipt, notificationPartitions);
      return [
        resultRow(topics.notifications, notification.partition, notification.value),
        resultRow(topics.signals, signal.partition, signal.value),
      ];
    },
  };
}

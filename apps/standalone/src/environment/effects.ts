import { create } from '@bufbuild/protobuf';
import type { ActionIntent, DeliveryIntent } from '@moola/contracts/gen/moola/v1/actions_pb';
import { SignalSchema } from '@moola/contracts/gen/moola/v1/signals_pb';
import { topics } from '@moola/contracts/topics';
import type { Perform } from '@moola/notifier/send/send';
import { receiptRows } from '@moola/notifier/send/receipt-rows';
import { perform, type ActionWorld } from '@moola/responder/act/perform';
import { resultRow, type Effect } from '@moola/streams/start-effect';

/** Carries actions out; their results go into `signals`. */
export function actEffect(world: ActionWorld): Effect<ActionIntent> {
  return {
    name: 'responder/act',
    input: topics.actions,
    async perform(intent, signal) {
      const value = await perform(world, intent, signal);
      const result = create(SignalSchema, {
        atMs: intent.atMs,
        model: intent.model,
        kind: { case: 'result', value },
      });
      return [resultRow(topics.signals, 0, result)];
    },
  };
}

/** Makes delivery attempts; their receipts go to the planner and into the incident's record. */
export function sendEffect(send: Perform, notificationPartitions: number): Effect<DeliveryIntent> {
  return {
    name: 'notifier/send',
    input: topics.deliveries,
    async perform(intent) {
      const { notification, signal } = receiptRows(intent, await send(intent), notificationPartitions);
      return [
        resultRow(topics.notifications, notification.partition, notification.value),
        resultRow(topics.signals, signal.partition, signal.value),
      ];
    },
  };
}

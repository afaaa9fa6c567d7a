import { create } from '@bufbuild/protobuf';
import type { DeliveryIntent, DeliveryReceipt } from '@moola/contracts/gen/moola/v1/actions_pb';
import { NotificationSchema, type Notification } from '@moola/contracts/gen/moola/v1/incidents_pb';
import { SignalSchema, type Signal } from '@moola/contracts/gen/moola/v1/signals_pb';
import { partitionOf } from '@moola/contracts/partition-of';

/** Where a receipt goes: to `plan`, which asked for the attempt, and to the incident's record. */
export interface ReceiptRows {
  readonly notification: { readonly partition: number; readonly value: Notification };
  readonly signal: { readonly partition: number; readonly value: Signal };
}

/** @param partitions how many `notifications` has */
export function receiptRows(intent: DeliveryIntent, receipt: DeliveryReceipt, partitions: number): ReceiptRows {
  const { atMs, audience, model } = intent;
  return {
    notification: {
      partition: partitionOf(audience, partitions),
      value: create(NotificationSchema, { atMs, kind: { case: 'receipt', value: receipt } }),
    },
    signal: { partition: 0, value: create(SignalSchema, { atMs, model, kind: { case: 'receipt', value: receipt } }) },
  };
}

import { create } from '@bufbuild/protobuf';
import { partitionOf } from '@moola/contracts/partition-of';
import { severityName } from '@moola/contracts/definitions/severities';
import { DeliveryIntentSchema, type DeliveryIntent } from '@moola/contracts/gen/moola/v1/actions_pb';
import { topics } from '@moola/contracts/topics';
import { isLastResort, lastResortText } from './last-resort.js';
import { channelsInOrder, withChannel, type ChannelProgress, type Planned } from './planned.js';
import type { Stage } from './stage.js';

/** Asks for every attempt that is due. */
export const attempt: Stage = {
  name: 'attempt',
  apply(planned, { emitter, nowMs }) {
    let asked = planned;
    for (const channel of channelsInOrder(planned)) {
      if (channel.state !== 'waiting' || channel.dueAtMs > nowMs) continue;
      const progress: ChannelProgress = { ...channel, state: 'asked', attempts: channel.attempts + 1 };
      const partition = partitionOf(channel.name, emitter.partitionsOf(topics.deliveries));
      emitter.emit(topics.deliveries, partition, deliveryIntent(planned, progress, nowMs));
      asked = withChannel(asked, progress);
    }
    return asked;
  },
};

function deliveryIntent(planned: Planned, channel: ChannelProgress, nowMs: number): DeliveryIntent {
  const { id, deadlineMs, severity, text, runbook = '', labels = {} } = planned;
  const { audience, dedupKey, eventAction, title, model, incident } = planned;
  return create(DeliveryIntentSchema, {
    atMs: nowMs,
    notification: id,
    channelKind: channel.kind,
    channelName: channel.name,
    attempt: channel.attempts,
    severity: severityName(severity),
    text: isLastResort(channel) ? lastResortText(planned) : text,
    // The terminal pages nobody: what comes too late for the others is still said there.
    expiresAfterMs: deadlineMs === null || channel.kind === 'terminal' ? 0 : deadlineMs - nowMs,
    ...{ audience, dedupKey, eventAction, title, model, incident, runbook, labels },
  });
}

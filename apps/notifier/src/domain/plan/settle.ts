import { DeliveryOutcome, type DeliveryReceipt } from '@moola/contracts/gen/moola/v1/actions_pb';
import { channelKey, withChannel, type ChannelProgress, type Planned } from './planned.js';
import { backoffMs, longestPatienceMs, maximumAttempts } from './retry.js';
import type { Stage } from './stage.js';

/**
 * What a receipt means for its channel. Receipts carry no position: the first one of the attempt that is asked for
 * counts, and no other.
 */
export const settle: Stage = {
  name: 'settle',
  apply(planned, { receipt, nowMs }) {
    if (receipt === null) return planned;
    const channel = planned.channels[channelKey({ kind: receipt.channelKind, name: receipt.channelName })];
    if (channel?.state !== 'asked' || channel.attempts !== receipt.attempt) return null;
    return withChannel(planned, settled(planned, channel, receipt, nowMs));
  },
};

function settled(
  planned: Planned,
  channel: ChannelProgress,
  { outcome, detail, retryAfterMs }: DeliveryReceipt,
  nowMs: number,
): ChannelProgress {
  const failed = (reason: string): ChannelProgress => ({ ...channel, state: 'failed', reason });
  switch (outcome) {
    case DeliveryOutcome.DELIVERED:
      return { ...channel, state: 'delivered', reason: '' };
    case DeliveryOutcome.RETRYABLE: {
      if (channel.attempts >= maximumAttempts) return failed(`${detail}; gave up after ${channel.attempts} attempts`);
      if (retryAfterMs > longestPatienceMs) return failed(`${detail}; asked to wait for ${retryAfterMs / 1000} s`);
      const key = `${planned.id}/${channelKey(channel)}/${channel.attempts}`;
      const dueAtMs = nowMs + Math.max(retryAfterMs, backoffMs(key, channel.attempts));
      return { ...channel, state: 'waiting', dueAtMs, reason: detail };
    }
    case DeliveryOutcome.UNKNOWN:
      return failed(`${detail}; it may have arrived`);
    case DeliveryOutcome.FAILED:
    case DeliveryOutcome.EXPIRED:
    case DeliveryOutcome.UNSPECIFIED:
      return failed(detail);
  }
}

import { withinTime } from '@moola/platform/http/within-time';
import { create } from '@bufbuild/protobuf';
import {
  DeliveryOutcome,
  DeliveryReceiptSchema,
  type DeliveryIntent,
  type DeliveryReceipt,
} from '@moola/contracts/gen/moola/v1/actions_pb';
import type { Clock } from '@moola/streams/ports/clock';
import type { AttemptResult, Channel } from './channel.js';
import { channelId, type ConfiguredChannels } from './channel-settings.js';
import { InOrder } from './in-order.js';

export interface SendOptions {
  /** Empty where nobody may be reached, as in a replay. */
  readonly channels: ConfiguredChannels;
  /** The channel `terminal`, which stands in for every channel that is not configured. */
  readonly terminal: Channel;
  /** Wall time: intents expire by it, and attempts time out by it. */
  readonly clock: Clock;
  /** Where the console shows an incident; empty where that is not known. */
  readonly urlOf: (incident: string) => string;
  /** How long one attempt may take, in milliseconds. */
  readonly timeoutMs: number;
  /** Told once of each channel that the terminal stands in for. */
  readonly replaced: (channel: { readonly kind: string; readonly name: string }) => void;
  /** Told of every attempt. @default nobody is told */
  readonly attempted?: Attempted;
}

/** Told what came of an attempt. `channel`: that of a configured channel, as in `slack/TEAM`, or `terminal`. */
export type Attempted = (attempt: { readonly channel: string; readonly outcome: Answer['outcome'] }) => void;

/** Makes one attempt on one channel and says what came of it. Never rejects, and decides nothing. */
export interface Perform {
  (intent: DeliveryIntent): Promise<DeliveryReceipt>;
  /**
   * @param stillOwner asked right before the outside is touched
   * @returns `'not-owner'` when it said no: nothing was done
   */
  (intent: DeliveryIntent, stillOwner: () => Promise<boolean>): Promise<DeliveryReceipt | 'not-owner'>;
}

/** Messages of one incident go to one channel in the order in which they were asked for. */
export function createSend(options: SendOptions): Perform {
  const inOrder = new InOrder();
  const replaced = new Set<string>();

  function perform(intent: DeliveryIntent): Promise<DeliveryReceipt>;
  function perform(intent: DeliveryIntent, stillOwner: () => Promise<boolean>): Promise<DeliveryReceipt | 'not-owner'>;
  async function perform(
    intent: DeliveryIntent,
    stillOwner = () => Promise.resolve(true),
  ): Promise<DeliveryReceipt | 'not-owner'> {
    const { id, channel } = channelOf(intent);
    const key = JSON.stringify([intent.channelKind, intent.channelName, intent.dedupKey]);
    return inOrder.run(key, async () => {
      if (!(await stillOwner())) return 'not-owner';
      const answer = await attempt(channel, intent);
      options.attempted?.({ channel: id, outcome: answer.outcome });
      return receiptOf(intent, answer);
    });
  }

  function channelOf({ channelKind, channelName }: DeliveryIntent): { id: string; channel: Channel } {
    const named = { kind: channelKind, name: channelName };
    const id = channelId(named);
    const terminal = { id: 'terminal', channel: options.terminal };
    if (channelKind === 'terminal') return terminal;
    const configured = options.channels.get(id);
    if (configured !== undefined) return { id, channel: configured };
    if (!replaced.has(id)) options.replaced(named);
    replaced.add(id);
    return terminal;
  }

  async function attempt(channel: Channel, intent: DeliveryIntent): Promise<Answer> {
    const { clock } = options;
    if (intent.expiresAfterMs > 0 && clock.nowMs() >= intent.atMs + intent.expiresAfterMs) {
      return { outcome: 'expired', detail: 'came too late to be sent' };
    }
    const first = await inTime(channel, intent);
    // Read back: the same key again tells a peer that folds repetitions nothing new, and us what it knows.
    return first.outcome === 'unknown' && channel.foldsRepetitions ? inTime(channel, intent) : first;
  }

  async function inTime(channel: Channel, intent: DeliveryIntent): Promise<AttemptResult> {
    try {
      return await withinTime(options.clock, options.timeoutMs, (signal) =>
        channel.attempt({ ...intent, url: options.urlOf(intent.incident) }, signal),
      );
    } catch (error) {
      return { outcome: 'unknown', detail: `unexpected: ${(error as Error).message}` };
    }
  }

  return perform;
}

type Answer = AttemptResult | { readonly outcome: 'expired'; readonly detail: string };

const outcomes = {
  delivered: DeliveryOutcome.DELIVERED,
  retryable: DeliveryOutcome.RETRYABLE,
  failed: DeliveryOutcome.FAILED,
  expired: DeliveryOutcome.EXPIRED,
  unknown: DeliveryOutcome.UNKNOWN,
};

function receiptOf(intent: DeliveryIntent, answer: Answer): DeliveryReceipt {
  const { notification, channelKind, channelName, attempt, atMs, incident } = intent;
  return create(DeliveryReceiptSchema, {
    ...{ notification, channelKind, channelName, attempt, incident },
    intentAtMs: atMs,
    outcome: outcomes[answer.outcome],
    detail: answer.detail,
    retryAfterMs: answer.outcome === 'retryable' ? answer.retryAfterMs : 0,
  });
}

import { create, type MessageInitShape } from '@bufbuild/protobuf';
import {
  DeliveryOutcome,
  DeliveryReceiptSchema,
  type DeliveryIntent,
  type DeliveryReceipt,
} from '@moola/contracts/gen/moola/v1/actions_pb';
import type { NotificationIntentSchema } from '@moola/contracts/gen/moola/v1/incidents_pb';
import { PlanRows } from './plan-rows.js';

/** How a channel answers an attempt; `nothing`: no receipt comes. */
export type Answer = 'delivered' | 'failed' | 'unknown' | 'expired' | 'nothing' | { readonly retryAfterMs: number };

const outcomes = {
  delivered: DeliveryOutcome.DELIVERED,
  failed: DeliveryOutcome.FAILED,
  unknown: DeliveryOutcome.UNKNOWN,
  expired: DeliveryOutcome.EXPIRED,
};

/** A timed story in which channels answer at once, as they are told to. */
export class PlanStory extends PlanRows {
  private readonly answers = new Map<string, Answer[]>();

  /** The next answers of a channel, such as `slack/team`; after the last it delivers. */
  answer(channel: string, ...answers: Answer[]): this {
    this.answers.set(channel, answers);
    return this;
  }

  /** Time goes on, a tick a second. */
  at(time: string): this {
    const [minutes = 0, seconds = 0] = time.split(':').map(Number);
    const untilMs = this.beginMs + (minutes * 60 + seconds) * 1000;
    while (this.nowMs < untilMs) this.tick().answerAll();
    return this;
  }

  override notify(id: string, fields: MessageInitShape<typeof NotificationIntentSchema> = {}): this {
    return super.notify(id, fields).answerAll();
  }

  override receipt(fields: MessageInitShape<typeof DeliveryReceiptSchema>): this {
    return super.receipt(fields).answerAll();
  }

  private answerAll(): this {
    for (let intent; (intent = this.takeIntent()) !== undefined;) {
      const answer = this.answers.get(`${intent.channelKind}/${intent.channelName}`)?.shift() ?? 'delivered';
      if (answer !== 'nothing') super.receipt(receiptOf(intent, answer));
    }
    return this;
  }
}

function receiptOf(intent: DeliveryIntent, answer: Exclude<Answer, 'nothing'>): DeliveryReceipt {
  const { notification, channelKind, channelName, attempt, incident, atMs } = intent;
  return create(DeliveryReceiptSchema, {
    ...{ notification, channelKind, channelName, attempt, incident },
    intentAtMs: atMs,
    ...(typeof answer === 'string'
      ? { outcome: outcomes[answer], detail: answer }
      : { outcome: DeliveryOutcome.RETRYABLE, detail: 'busy', retryAfterMs: answer.retryAfterMs }),
  });
}

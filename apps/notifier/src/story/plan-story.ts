import { create, type MessageInitShape } from '@bufbuild/protobuf';
import {
  DeliveryOutcome,
  DeliveryReceiptSchema,
  type DeliveryIntent,
  type DeliveryReceipt,
} from '@moola/contracts/gen/moola/v1/actions_pb';
import { DefinitionSchema, Severity, type RouteDefinitionSchema } from '@moola/contracts/gen/moola/v1/definitions_pb';
import {
  NotificationSchema,
  type Notification,
  type NotificationIntentSchema,
} from '@moola/contracts/gen/moola/v1/incidents_pb';
import { topics } from '@moola/contracts/topics';
import { runProcessor, type EmittedRow, type RunOptions, type TestRow } from '@moola/testing/run-processor';
import { plan } from '../domain/plan/plan.js';
import type { PlanOptions } from '../domain/plan/stage.js';

/** How a channel answers an attempt; `nothing`: no receipt comes. */
export type Answer = 'delivered' | 'failed' | 'unknown' | 'expired' | 'nothing' | { readonly retryAfterMs: number };

const outcomes = {
  delivered: DeliveryOutcome.DELIVERED,
  failed: DeliveryOutcome.FAILED,
  unknown: DeliveryOutcome.UNKNOWN,
  expired: DeliveryOutcome.EXPIRED,
};

/** The story begins at this instant; its times are minutes and seconds since. */
const beginMs = Date.UTC(2026, 0, 1);

/** A timed story of what people should hear, how channels answer, and which attempts that makes. */
export class PlanStory {
  readonly rows: TestRow<Notification>[] = [];
  private readonly answers = new Map<string, Answer[]>();
  private answered = 0;
  private nowMs = beginMs;

  constructor(private readonly options: PlanOptions = { expiresAfterMs: 0 }) {
    this.rows.push({ tick: beginMs });
  }

  route(name: string, fields: MessageInitShape<typeof RouteDefinitionSchema>): this {
    const value = { audience: 'team', minimumSeverity: Severity.INFO, ...fields };
    this.rows.push({ definition: create(DefinitionSchema, { name, kind: { case: 'route', value } }) });
    return this;
  }

  /** The next answers of a channel, such as `slack/team`; after the last it delivers. */
  answer(channel: string, ...answers: Answer[]): this {
    this.answers.set(channel, answers);
    return this;
  }

  /** Time goes on, a tick a second, and channels answer at once. */
  at(time: string): this {
    const [minutes = 0, seconds = 0] = time.split(':').map(Number);
    const untilMs = beginMs + (minutes * 60 + seconds) * 1000;
    while (this.nowMs < untilMs) {
      this.nowMs += 1000;
      this.rows.push({ tick: this.nowMs });
      this.answerAll();
    }
    return this;
  }

  notify(id: string, fields: MessageInitShape<typeof NotificationIntentSchema> = {}): this {
    const value = {
      id,
      ...{
        incident: 'm-Drop-1',
        model: 'm',
        severity: Severity.CRITICAL,
        audience: 'team',
        dedupKey: 'moola.m-Drop-1',
      },
      ...{ eventAction: 'trigger', title: `title of ${id}`, text: `text of ${id}` },
      ...fields,
    };
    this.rows.push({ data: create(NotificationSchema, { atMs: this.nowMs, kind: { case: 'intent', value } }) });
    return this.answerAll();
  }

  receipt(fields: MessageInitShape<typeof DeliveryReceiptSchema>): this {
    const value = create(DeliveryReceiptSchema, fields);
    this.rows.push({ data: create(NotificationSchema, { atMs: this.nowMs, kind: { case: 'receipt', value } }) });
    return this.answerAll();
  }

  run(options: RunOptions = {}): EmittedRow[] {
    return runProcessor(plan(this.options), this.rows, { partitions: 4, ...options });
  }

  intents(): DeliveryIntent[] {
    return this.run().flatMap(({ topic, content }) =>
      topic === topics.deliveries.name && content.kind === 'data' ? [content.value as DeliveryIntent] : [],
    );
  }

  /** Every attempt as `00:03 slack/team 2 n1`: when, on which channel, the how-manyeth, of which notification. */
  attempts(): string[] {
    return this.intents().map(({ atMs, channelKind, channelName, attempt, notification }) => {
      const seconds = (atMs - beginMs) / 1000;
      const time = [Math.floor(seconds / 60), seconds % 60].map((part) => String(part).padStart(2, '0')).join(':');
      return `${time} ${channelKind}/${channelName} ${attempt} ${notification}`;
    });
  }

  private answerAll(): this {
    for (let intent; (intent = this.intents()[this.answered]) !== undefined;) {
      this.answered++;
      const answer = this.answers.get(`${intent.channelKind}/${intent.channelName}`)?.shift() ?? 'delivered';
      if (answer === 'nothing') continue;
      const value = receiptOf(intent, answer);
      this.rows.push({ data: create(NotificationSchema, { atMs: this.nowMs, kind: { case: 'receipt', value } }) });
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

import { create, type MessageInitShape } from '@bufbuild/protobuf';
import {
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

/** Stories begin at this instant; their times are minutes and seconds since. */
const beginMs = Date.UTC(2026, 0, 1);

/** Rows of `notifications` as a story goes on, and what `plan` makes of them. */
export class PlanRows {
  readonly beginMs = beginMs;
  readonly rows: TestRow<Notification>[] = [{ tick: beginMs }];
  nowMs = beginMs;
  private taken = 0;

  constructor(private readonly options: PlanOptions = { expiresAfterMs: 0 }) {}

  route(name: string, fields: MessageInitShape<typeof RouteDefinitionSchema>): this {
    const value = { audience: 'team', minimumSeverity: Severity.INFO, ...fields };
    this.rows.push({ definition: create(DefinitionSchema, { name, kind: { case: 'route', value } }) });
    return this;
  }

  /** Another second. */
  tick(): this {
    this.nowMs += 1000;
    this.rows.push({ tick: this.nowMs });
    return this;
  }

  notify(id: string, fields: MessageInitShape<typeof NotificationIntentSchema> = {}): this {
    const value = {
      id,
      ...{
        incident: 'm~Drop~1',
        model: 'm',
        severity: Severity.CRITICAL,
        audience: 'team',
        dedupKey: 'moola.m~Drop~1',
      },
      ...{ eventAction: 'trigger', title: `title of ${id}`, text: `text of ${id}` },
      ...fields,
    };
    this.rows.push({ data: create(NotificationSchema, { atMs: this.nowMs, kind: { case: 'intent', value } }) });
    return this;
  }

  receipt(fields: DeliveryReceipt | MessageInitShape<typeof DeliveryReceiptSchema>): this {
    const value = create(DeliveryReceiptSchema, fields);
    this.rows.push({ data: create(NotificationSchema, { atMs: this.nowMs, kind: { case: 'receipt', value } }) });
    return this;
  }

  run(options: RunOptions = {}): EmittedRow[] {
    return runProcessor(plan(this.options), this.rows, { partitions: 4, ...options });
  }

  intents(): DeliveryIntent[] {
    return this.run().flatMap(({ topic, content }) =>
      topic === topics.deliveries.name && content.kind === 'data' ? [content.value as DeliveryIntent] : [],
    );
  }

  /** The next attempt that nobody has taken yet. */
  takeIntent(): DeliveryIntent | undefined {
    const intent = this.intents()[this.taken];
    if (intent !== undefined) this.taken++;
    return intent;
  }

  /** Every attempt as `00:03 slack/team 2 n1`: when, on which channel, the how-manyeth, of which notification. */
  attempts(): string[] {
    return this.intents().map(({ atMs, channelKind, channelName, attempt, notification }) => {
      const seconds = (atMs - beginMs) / 1000;
      const time = [Math.floor(seconds / 60), seconds % 60].map((part) => String(part).padStart(2, '0')).join(':');
      return `${time} ${channelKind}/${channelName} ${attempt} ${notification}`;
    });
  }
}

import { kindOf } from '@moola/contracts/definitions/in-force';
import type { Definition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import type { NotificationIntent } from '@moola/contracts/gen/moola/v1/incidents_pb';
import type { Notification } from '@moola/contracts/gen/moola/v1/incidents_pb';
import type { DeliveryReceipt } from '@moola/contracts/gen/moola/v1/actions_pb';
import { topics } from '@moola/contracts/topics';
import type { Emitter, Processor, StreamRow, TaskState } from '@moola/streams/processor/processor';
import { forgetOld } from './forget-old.js';
import { merged } from './group.js';
import { channelsInOrder, isOver, type Planned } from './planned.js';
import type { PlanOptions, Stage, DecisionContext } from './stage.js';
import { arrival, delivery } from './stages.js';
import { Tables } from './tables.js';

/**
 * Decides who is told what, by which channel and when: reads `notifications` (what people should hear, receipts of
 * attempts to tell them, routes, ticks), writes `deliveries`, one row an attempt.
 */
export function plan(options: PlanOptions): Processor<Notification> {
  return {
    name: 'notifier/plan',
    input: topics.notifications,
    timekeeper: 'input',
    outputs: [topics.deliveries],
    restore: (entries) => new PlanTask(new Tables(entries), options),
  };
}

class PlanTask implements TaskState<Notification> {
  constructor(
    private readonly tables: Tables,
    private readonly options: PlanOptions,
  ) {}

  apply(row: StreamRow<Notification>, emitter: Emitter): void {
    const context = this.contextAt(row.tickMs, emitter);
    switch (row.kind) {
      case 'definition':
        this.define(row.definition);
        return;
      case 'tick':
        this.tick(context);
        emitter.forward(topics.deliveries, 'all');
        return;
      case 'data': {
        const { atMs, kind } = row.value;
        if (kind.case === 'intent') this.arrived(kind.value, atMs, context);
        else if (kind.case === 'receipt') this.received(kind.value, context);
      }
    }
  }

  takeChanges(): Map<string, Uint8Array | null> {
    return this.tables.takeChanges();
  }

  private define(definition: Definition): void {
    if (kindOf(definition) !== 'route') return;
    if (definition.kind.case === 'route') this.tables.routes.set(definition.name, definition);
    else this.tables.routes.delete(definition.name);
  }

  private contextAt(tickMs: number, emitter: Emitter): DecisionContext {
    const nowMs = Math.max(tickMs, this.tables.nowMs);
    return { tables: this.tables, emitter, options: this.options, nowMs, receipt: null };
  }

  private arrived(intent: NotificationIntent, atMs: number, context: DecisionContext): void {
    const planned = through(arrival, newlyPlanned(intent, atMs, this.options), context);
    if (planned !== null) this.begin(planned, context);
  }

  private received(receipt: DeliveryReceipt, context: DecisionContext): void {
    const planned = this.tables.active.get(receipt.notification);
    if (planned !== undefined) this.deliver(planned, { ...context, receipt });
  }

  private tick(context: DecisionContext): void {
    const { tables, nowMs } = context;
    const previousMs = tables.nowMs;
    tables.clock.set('', nowMs);
    for (const [key, { dueAtMs, members }] of [...tables.groups.entries()]) {
      if (dueAtMs > nowMs) continue;
      tables.groups.delete(key);
      this.begin(merged(members), context);
    }
    for (const [, planned] of [...tables.active.entries()]) if (isDue(planned, nowMs)) this.deliver(planned, context);
    forgetOld(tables, previousMs, nowMs);
  }

  private begin(planned: Planned, context: DecisionContext): void {
    if (planned.eventAction === 'resolve') this.withdrawEarlier(planned, context);
    this.deliver(planned, context);
  }

  private withdrawEarlier({ audience, dedupKey }: Planned, context: DecisionContext): void {
    for (const [, earlier] of [...this.tables.active.entries()]) {
      if (earlier.audience !== audience || earlier.dedupKey !== dedupKey) continue;
      this.deliver({ ...earlier, isSuperseded: true }, context);
    }
  }

  private deliver(planned: Planned, context: DecisionContext): void {
    const after = through(delivery, planned, context);
    if (after === null) return;
    if (isOver(after)) this.tables.active.delete(after.id);
    else this.tables.active.set(after.id, after);
  }
}

function through(stages: readonly Stage[], planned: Planned, context: DecisionContext): Planned | null {
  let left: Planned | null = planned;
  for (const stage of stages) {
    left = stage.apply(left, context);
    if (left === null) return null;
  }
  return left;
}

function newlyPlanned(intent: NotificationIntent, atMs: number, { expiresAfterMs }: PlanOptions): Planned {
  const { id, incident, model, severity, audience, dedupKey, eventAction, title, text, runbook, labels } = intent;
  return {
    ...{ id, incident, model, severity, audience, dedupKey, eventAction, title, text, runbook },
    ...(Object.keys(labels).length > 0 && { labels }),
    deadlineMs: expiresAfterMs === 0 ? null : atMs + expiresAfterMs,
    isSuperseded: false,
    routes: [],
    channels: {},
  };
}

/** An attempt is due, or its chance is over. */
function isDue(planned: Planned, nowMs: number): boolean {
  const isOverdue = planned.deadlineMs !== null && planned.deadlineMs <= nowMs;
  return channelsInOrder(planned).some(({ state, dueAtMs }) => state === 'waiting' && (isOverdue || dueAtMs <= nowMs));
}

import type { Signal } from '@moola/contracts/gen/moola/v1/signals_pb';
import { topics } from '@moola/contracts/topics';
import type { Emitter, Processor, StreamRow, TaskContext, TaskState } from '@moola/streams/processor/processor';
import { forgetOld } from './forget-old.js';
import { onAlert, onAlertFigure } from './on-alert.js';
import { onBudget, onComparison, onLoss } from './on-figures.js';
import { onCommand } from './on-command.js';
import { onDeployment } from './on-deployment.js';
import { onReceipt, onResult } from './on-result.js';
import { onTick } from './on-tick.js';
import { keepDefinition } from './policies.js';
import { Tables } from './tables.js';
import { DecisionContext, type DecideOptions } from './decision-context.js';

/** Decides over incidents: reads `signals`, writes `incidents`, `notifications` and `actions`. */
export function decide(options: DecideOptions): Processor<Signal> {
  return {
    name: 'responder/decide',
    input: topics.signals,
    timekeeper: 'input',
    outputs: [topics.incidents, topics.notifications, topics.actions],
    restore: (entries, context) => new DecideTask(new Tables(entries), context, options),
  };
}

class DecideTask implements TaskState<Signal> {
  constructor(
    private readonly tables: Tables,
    private readonly context: TaskContext,
    private readonly options: DecideOptions,
  ) {}

  apply(row: StreamRow<Signal>, emitter: Emitter): void {
    switch (row.kind) {
      case 'definition':
        keepDefinition(this.tables, row.definition);
        return;
      case 'tick':
        this.tick(row.tickMs, emitter);
        for (const topic of [topics.incidents, topics.notifications, topics.actions]) emitter.forward(topic, 'all');
        return;
      case 'data':
        this.data(row.value, row.tickMs, emitter);
    }
  }

  /** A tick that is no later than the last one says nothing new. */
  private tick(tickMs: number, emitter: Emitter): void {
    const previousMs = this.tables.tickMs === 0 ? tickMs : this.tables.tickMs;
    if (tickMs <= this.tables.tickMs) return;
    this.tables.clock.set('', { tickMs });
    onTick(this.contextAt(tickMs, emitter), previousMs);
    forgetOld(this.tables, previousMs, tickMs);
  }

  private data(signal: Signal, rowTickMs: number, emitter: Emitter): void {
    const { kind, atMs } = signal;
    // An alert is stamped with its tick. All else may carry any time, or none: it happened by the tick of its row.
    const nowMs = kind.case === 'alert' ? atMs : Math.max(this.tables.tickMs, rowTickMs);
    const context = this.contextAt(nowMs, emitter);
    this.take(context, signal);
    context.sendMessages();
  }

  private take(context: DecisionContext, { model, kind, atMs }: Signal): void {
    switch (kind.case) {
      case 'alert':
        return onAlert(context, model, kind.value);
      case 'alertFigure':
        return onAlertFigure(this.tables, model, kind.value);
      case 'deployment':
        return onDeployment(context, model, kind.value);
      case 'budget':
        return onBudget(this.tables, model, kind.value, atMs);
      case 'comparison':
        return onComparison(this.tables, model, kind.value);
      case 'loss':
        return onLoss(this.tables, model, kind.value, atMs);
      case 'result':
        return onResult(context, kind.value);
      case 'receipt':
        return onReceipt(context, kind.value);
      case 'command':
        return onCommand(context, model, kind.value);
      // For people to look at.
      case 'infrastructure':
      case undefined:
        return;
    }
  }

  private contextAt(nowMs: number, emitter: Emitter): DecisionContext {
    return new DecisionContext(this.tables, nowMs, this.context, this.options, emitter);
  }

  takeChanges(): Map<string, Uint8Array | null> {
    return this.tables.takeChanges();
  }
}

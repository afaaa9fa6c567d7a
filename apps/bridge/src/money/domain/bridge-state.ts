import type { Definition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import type { BucketSnapshot, Snapshot } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { Role, type Deployment } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { topics } from '@moola/contracts/topics';
import { defaultDoorHorizonMs } from '@moola/contracts/door-horizons';
import { jsonEntry, KeyedState } from '@moola/streams/processor/keyed-state';
import type { Emitter, StreamRow, TaskState } from '@moola/streams/processor/processor';
import { valueModelOf, type ValueModel } from '@moola/value/value-model';
import { BucketLedger, hourMs } from './bucket-ledger.js';
import { budgetSpanOf, undeclaredSpan, type BudgetSpan } from './budget-span.js';
import { noMoney, type ModelMoney, type PublishedRevenue } from './model-money.js';
import { lossSignal, revenueKpi } from './published-rows.js';
import { isSameRevenue, minuteMs, computeRevenue, servedPerMinute } from './compute-revenue.js';
import { judged, measured, unknownHealth, type VersionHealth } from './version-health.js';

/** How far back the doors take events, and an hour for what lies between. */
const doorHours = defaultDoorHorizonMs / hourMs + 1;

/** The key of what there is one of: the clock. */
const only = '';

/** The money of all models of one partition. */
export class BridgeState implements TaskState<Snapshot> {
  private readonly clock: KeyedState<number>;
  /** By model. */
  private readonly spans: KeyedState<BudgetSpan>;
  private readonly values: KeyedState<ValueModel>;
  private readonly models: KeyedState<ModelMoney>;
  /** By model and version. */
  private readonly health: KeyedState<VersionHealth>;
  private readonly ledger: BucketLedger;
  /** Models to compute at the next tick, and those that lose money, which are computed every minute: follow from `models`. */
  private readonly changed = new Set<string>();
  private readonly losing = new Set<string>();

  constructor(entries: ReadonlyMap<string, Uint8Array>) {
    this.clock = new KeyedState('clock/', jsonEntry(1), entries);
    this.spans = new KeyedState('spans/', jsonEntry(1), entries);
    this.values = new KeyedState('values/', jsonEntry(1), entries);
    this.models = new KeyedState('models/', jsonEntry(1), entries);
    this.health = new KeyedState('health/', jsonEntry(1), entries);
    this.ledger = new BucketLedger(entries);
    for (const [model, money] of this.models.entries()) this.index(model, money);
  }

  apply(row: StreamRow<Snapshot>, emitter: Emitter): void {
    if (row.kind === 'definition') this.define(row.definition);
    else if (row.kind === 'tick') this.tick(row.tickMs, emitter);
    else this.take(row.value);
  }

  takeChanges(): Map<string, Uint8Array | null> {
    const changes = new Map<string, Uint8Array | null>();
    for (const part of [this.clock, this.spans, this.values, this.models, this.health, this.ledger]) {
      part.takeChanges(changes);
    }
    return changes;
  }

  private define({ name, kind }: Definition): void {
    if (kind.case === 'model') this.spans.set(name, budgetSpanOf(kind.value));
    else if (kind.case === 'value') this.values.set(name, valueModelOf(kind.value));
    else if (kind.case === 'deletion' && kind.value.kind === 'model') this.spans.delete(name);
    else if (kind.case === 'deletion' && kind.value.kind === 'value') this.values.delete(name);
    else return;
    if (this.models.has(name)) this.change(name, {});
  }

  private take({ model, kind }: Snapshot): void {
    switch (kind.case) {
      case 'window': {
        if (kind.value.windowMs !== this.spanOf(model).windowMs) return;
        return this.observe(model, kind.value.version, (health) => measured(health, kind.value));
      }
      case 'budget': {
        if (kind.value.serving && this.moneyOf(model).serving === '') {
          this.change(model, { serving: kind.value.version });
        }
        return this.observe(model, kind.value.version, (health) => judged(health, kind.value));
      }
      case 'bucket':
        return this.count(model, kind.value);
      case 'deployment':
        return this.deploy(model, kind.value);
      default:
        return;
    }
  }

  private observe(model: string, version: string, update: (health: VersionHealth) => VersionHealth): void {
    this.health.set(JSON.stringify([model, version]), update(this.healthOf(model, version)));
    this.change(model, {});
  }

  private count(model: string, bucket: BucketSnapshot): void {
    // Beyond the label horizon nobody knows any more what was counted of it.
    if (Math.floor(bucket.startMs / hourMs) < this.firstKeptHour(model, this.nowMs)) return;
    const more = this.ledger.record(model, bucket);
    const money = this.moneyOf(model);
    this.change(model, {
      earnedCorrect: money.earnedCorrect + (bucket.role === Role.PRIMARY ? more.correct : 0),
    });
  }

  /** Another version serves. A new build of the same one changes nothing. */
  private deploy(model: string, { version, role, time }: Deployment): void {
    if (role !== Role.PRIMARY || !time || version === this.moneyOf(model).serving) return;
    this.change(model, { serving: version });
  }

  private tick(tickMs: number, emitter: Emitter): void {
    const [beforeMs, nowMs] = [this.nowMs, Math.max(tickMs, this.nowMs)];
    this.clock.set(only, nowMs);
    const isNewMinute = Math.floor(nowMs / minuteMs) > Math.floor(beforeMs / minuteMs);
    const due = new Set([...this.changed, ...(isNewMinute ? this.losing : [])]);
    for (const model of [...due].sort()) this.publish(model, nowMs, emitter);
    if (Math.floor(nowMs / hourMs) > Math.floor(beforeMs / hourMs)) this.forget(nowMs);
    emitter.forward(topics.kpis, 'same');
    emitter.forward(topics.signals, 0);
  }

  /** What has changed of a model's money: its loss, its revenue. */
  private publish(model: string, nowMs: number, emitter: Emitter): void {
    const money = this.moneyOf(model);
    const health = this.healthOf(model, money.serving);
    const value = this.values.get(model) ?? null;
    const served = servedPerMinute(this.ledger, model, nowMs, this.spanOf(model).windowMs);
    const revenue = computeRevenue({ money, health, value, servedPerMinute: served });
    if (isNewLoss(money.revenue, revenue)) {
      emitter.emit(topics.signals, 0, lossSignal(nowMs, model, revenue, health));
    }
    if (!isSameRevenue(money.revenue, revenue)) emitter.emit(topics.kpis, 'same', revenueKpi(nowMs, model, revenue));
    this.put(model, { ...money, revenue, changed: false });
  }

  /** What no outcome can change any more. */
  private forget(nowMs: number): void {
    for (const model of this.models.keys()) this.ledger.forgetBefore(model, this.firstKeptHour(model, nowMs));
  }

  /** While the tracker still takes history of a new model, its buckets are kept as far back as the doors reach. */
  private firstKeptHour(model: string, nowMs: number): number {
    const { keptHours } = this.spanOf(model);
    const { sinceMs } = this.moneyOf(model);
    const isNew = !this.models.has(model) || (sinceMs !== undefined && nowMs <= sinceMs + keptHours * hourMs);
    return Math.floor(nowMs / hourMs) - (isNew ? Math.max(keptHours, doorHours) : keptHours);
  }

  private change(model: string, changes: Partial<ModelMoney>): void {
    const money = this.models.get(model) ?? { ...noMoney, ...(this.nowMs > 0 ? { sinceMs: this.nowMs } : {}) };
    this.put(model, { ...money, ...changes, changed: true });
  }

  private put(model: string, money: ModelMoney): void {
    this.models.set(model, money);
    this.index(model, money);
  }

  private index(model: string, money: ModelMoney): void {
    const set = (models: Set<string>, holds: boolean) => (holds ? models.add(model) : models.delete(model));
    set(this.changed, money.changed);
    set(this.losing, (money.revenue?.lossPerMinuteUsd ?? 0) > 0);
  }

  private get nowMs(): number {
    return this.clock.get(only) ?? 0;
  }

  private spanOf(model: string): BudgetSpan {
    return this.spans.get(model) ?? undeclaredSpan;
  }

  private moneyOf(model: string): ModelMoney {
    return this.models.get(model) ?? noMoney;
  }

  private healthOf(model: string, version: string): VersionHealth {
    return this.health.get(JSON.stringify([model, version])) ?? unknownHealth;
  }
}

function isNewLoss(before: PublishedRevenue | undefined, now: PublishedRevenue): boolean {
  if (before?.lossPerMinuteUsd !== now.lossPerMinuteUsd) return now.lossPerMinuteUsd > 0 || before !== undefined;
  return now.lossPerMinuteUsd > 0 && before.servingVersion !== now.servingVersion;
}

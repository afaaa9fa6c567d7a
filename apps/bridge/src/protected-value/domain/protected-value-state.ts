import { create } from '@bufbuild/protobuf';
import { timestampMs } from '@bufbuild/protobuf/wkt';
import type { Definition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { KpiSchema, type Kpi } from '@moola/contracts/gen/moola/v1/kpis_pb';
import type { PairBucket, PairRow } from '@moola/contracts/gen/moola/v1/pairs_pb';
import { Role, type Deployment } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { topics } from '@moola/contracts/topics';
import { jsonEntry, KeyedState } from '@moola/streams/processor/keyed-state';
import type { Emitter, StreamRow, TaskState } from '@moola/streams/processor/processor';
import { protectedValue, type ProtectedValue } from '@moola/value/protected-value';
import { valueModelOf, type ValueModel } from '@moola/value/value-model';
import { keptHoursOf, undeclaredKeptHours } from './kept-hours.js';
import { hourMs, PairLedger } from './pair-ledger.js';
import { correctOf, end, pairOf, revise, rollbackOf, spanOf, type Rollback } from './rollback.js';

/** The key of what there is one of: the clock. */
const only = '';

/** The rollbacks of one model. Plain data. */
interface ModelRollbacks {
  /** The last version with role primary; empty while none is known. */
  readonly serving: string;
  readonly rollbacks: readonly Rollback[];
  /** Something came in since the last tick. */
  readonly changed: boolean;
}

const none: ModelRollbacks = { serving: '', rollbacks: [], changed: false };

/** What the rollbacks of all models of one partition protected. */
export class ProtectedValueState implements TaskState<PairRow> {
  private readonly clock: KeyedState<number>;
  /** By model. */
  private readonly keptHours: KeyedState<number>;
  private readonly values: KeyedState<ValueModel>;
  private readonly models: KeyedState<ModelRollbacks>;
  private readonly ledger: PairLedger;
  /** Models to look at at the next tick: follows from `models`. */
  private readonly changed = new Set<string>();

  constructor(entries: ReadonlyMap<string, Uint8Array>) {
    this.clock = new KeyedState('clock/', jsonEntry(1), entries);
    this.keptHours = new KeyedState('kept-hours/', jsonEntry(1), entries);
    this.values = new KeyedState('values/', jsonEntry(1), entries);
    this.models = new KeyedState('models/', jsonEntry(1), entries);
    this.ledger = new PairLedger(entries);
    for (const [model, { changed }] of this.models.entries()) if (changed) this.changed.add(model);
  }

  apply(row: StreamRow<PairRow>, emitter: Emitter): void {
    if (row.kind === 'definition') this.define(row.definition);
    else if (row.kind === 'tick') this.tick(row.tickMs, emitter);
    else if (row.value.kind.case === 'bucket') this.count(row.value.model, row.value.kind.value);
    else if (row.value.kind.case === 'deployment') this.deploy(row.value.model, row.value.kind.value);
  }

  takeChanges(): Map<string, Uint8Array | null> {
    const changes = new Map<string, Uint8Array | null>();
    for (const part of [this.clock, this.keptHours, this.values, this.models, this.ledger]) part.takeChanges(changes);
    return changes;
  }

  private define({ name, kind }: Definition): void {
    if (kind.case === 'model') this.keptHours.set(name, keptHoursOf(kind.value));
    if (kind.case !== 'value') return;
    this.values.set(name, valueModelOf(kind.value));
    if (this.models.has(name)) this.change(name, {});
  }

  private count(model: string, bucket: PairBucket): void {
    // Beyond the label horizon nobody knows any more what was counted of it.
    if (Math.floor(bucket.startMs / hourMs) < this.firstKeptHour(model, this.nowMs)) return;
    const { first, second, startMs } = bucket;
    const more = this.ledger.record({ model, first, second }, bucket);
    const isOfPair = (rollback: Rollback) => {
      const pair = pairOf(rollback);
      return pair.first === first && pair.second === second;
    };
    const { rollbacks } = this.rollbacksOf(model);
    if (!rollbacks.some(isOfPair)) return;
    this.change(model, { rollbacks: rollbacks.map((each) => (isOfPair(each) ? revise(each, startMs, more) : each)) });
  }

  /** Another version serves. A new build of the same one changes nothing. */
  private deploy(model: string, deployment: Deployment): void {
    const { serving, rollbacks } = this.rollbacksOf(model);
    const { version, role, time } = deployment;
    if (role !== Role.PRIMARY || !time || version === serving) return;
    const atMs = timestampMs(time);
    const ended = rollbacks.map((each) =>
      each.untilMs === undefined ? end(each, atMs, (span) => this.ledger.sum({ model, ...pairOf(each) }, span)) : each,
    );
    const begun = rollbackOf(deployment, serving, atMs, rollbacks);
    // What is known already of the inputs since.
    const answers = begun && this.ledger.sum({ model, ...pairOf(begun) }, spanOf(begun));
    this.change(model, { serving: version, rollbacks: answers ? [...ended, { ...begun, answers }] : ended });
  }

  private tick(tickMs: number, emitter: Emitter): void {
    const [beforeMs, nowMs] = [this.nowMs, Math.max(tickMs, this.nowMs)];
    this.clock.set(only, nowMs);
    for (const model of [...this.changed].sort()) this.publish(model, nowMs, emitter);
    if (Math.floor(nowMs / hourMs) > Math.floor(beforeMs / hourMs)) this.forget(nowMs);
    emitter.forward(topics.kpis, 'same');
  }

  private publish(model: string, nowMs: number, emitter: Emitter): void {
    const { rollbacks, ...rest } = this.rollbacksOf(model);
    const value = this.values.get(model) ?? null;
    const published = rollbacks.map((rollback) => {
      const now = protectedValue({ inputs: rollback.answers.inputs, ...correctOf(rollback) }, value);
      if (rollback.published?.inputs === now.inputs && rollback.published.usd === now.usd) return rollback;
      emitter.emit(topics.kpis, 'same', protectedKpi(nowMs, model, rollback, now));
      return { ...rollback, published: now };
    });
    this.put(model, { ...rest, rollbacks: published, changed: false });
  }

  /** What no outcome can change any more. */
  private forget(nowMs: number): void {
    this.ledger.forgetBefore((model) => this.firstKeptHour(model, nowMs));
    for (const [model, { rollbacks }] of this.models.entries()) {
      const firstKeptMs = this.firstKeptHour(model, nowMs) * hourMs;
      const kept = rollbacks.filter(({ untilMs }) => (untilMs ?? Infinity) >= firstKeptMs);
      if (kept.length < rollbacks.length) this.put(model, { ...this.rollbacksOf(model), rollbacks: kept });
    }
  }

  private firstKeptHour(model: string, nowMs: number): number {
    return Math.floor(nowMs / hourMs) - (this.keptHours.get(model) ?? undeclaredKeptHours);
  }

  private change(model: string, changes: Partial<ModelRollbacks>): void {
    this.put(model, { ...this.rollbacksOf(model), ...changes, changed: true });
  }

  private put(model: string, rollbacks: ModelRollbacks): void {
    this.models.set(model, rollbacks);
    if (rollbacks.changed) this.changed.add(model);
    else this.changed.delete(model);
  }

  private get nowMs(): number {
    return this.clock.get(only) ?? 0;
  }

  private rollbacksOf(model: string): ModelRollbacks {
    return this.models.get(model) ?? none;
  }
}

/** The row of `kpis` that says what a rollback has protected so far. */
function protectedKpi(atMs: number, model: string, rollback: Rollback, { inputs, usd }: ProtectedValue): Kpi {
  const { incident, from, to, sinceMs } = rollback;
  const value = { incident, from, to, sinceMs, inputs, usd: usd ?? 0, valueUndeclared: usd === null };
  return create(KpiSchema, { atMs, model, kind: { case: 'protectedValue', value } });
}

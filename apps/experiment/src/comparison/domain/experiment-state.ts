import { timestampMs } from '@bufbuild/protobuf/wkt';
import { kindOf } from '@moola/contracts/definitions/in-force';
import type { Definition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { Role, type Deployment } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { LabelledRow, ObservationRow } from '@moola/contracts/rows';
import { topics } from '@moola/contracts/topics';
import { jsonEntry, KeyedState } from '@moola/streams/processor/keyed-state';
import type { Emitter, StreamRow, TaskContext, TaskState } from '@moola/streams/processor/processor';
import { emptyProducts } from '@moola/statistics/lagged-products';
import {
  groupEntry,
  seriesOfFormatOne,
  settingsEntry,
  versionsEntry,
  type HistoryOfFormatOne,
} from './checkpoint-formats.js';
import { LAGS } from './compare-pair.js';
import { admit, bucketEndOf, bucketStartOf, noVersions, servedBy, type ComparedVersions } from './compared-versions.js';
import { comparisonSignal } from './comparison-signal.js';
import { gatherAlike, settingsOf, undeclaredSettings, type ComparisonSettings } from './comparison-settings.js';
import { DuePairs } from './due-pairs.js';
import { answerOf, groupOf, pairChange, type GroupAnswer, type InputGroup } from './input-group.js';
import { PairBuckets, type PairKey } from './pair-buckets.js';
import { differenceOf, isSame, noPairs, onePair, pairsOf } from './pair-counts.js';
import { bucketRow, deploymentRow } from './pair-rows.js';
import { emptySeries, remember, takeIn, type PairBucket, type PairSeries } from './pair-series.js';

/** The key of what there is one of, such as the clock. */
const only = '';
const hourMs = 3_600_000;

/** All standing comparisons of one partition. */
export class ExperimentState implements TaskState<ObservationRow> {
  private readonly clock: KeyedState<number>;
  private readonly group: KeyedState<InputGroup>;
  /** By model. */
  private readonly settings: KeyedState<ComparisonSettings>;
  private readonly versions: KeyedState<ComparedVersions>;
  /** By model and pair. */
  private readonly series: KeyedState<PairSeries>;
  private readonly buckets: PairBuckets;
  /** Of checkpoints that were written before there were buckets by prediction time: none stays. */
  private readonly histories: KeyedState<HistoryOfFormatOne>;
  private readonly due = new DuePairs();
  private readonly life: number;

  constructor(entries: ReadonlyMap<string, Uint8Array>, { life }: Pick<TaskContext, 'life'>) {
    this.life = life;
    this.clock = new KeyedState('clock/', jsonEntry(1), entries);
    this.group = new KeyedState('group/', groupEntry, entries);
    this.settings = new KeyedState('settings/', settingsEntry, entries);
    this.versions = new KeyedState('versions/', versionsEntry, entries);
    this.series = new KeyedState('pairs/', jsonEntry(1), entries);
    this.buckets = new PairBuckets(entries);
    this.histories = new KeyedState('histories/', jsonEntry(1), entries);
    for (const [key, history] of this.histories.entries()) {
      this.series.set(key, seriesOfFormatOne(history));
      this.histories.delete(key);
    }
    for (const pair of this.buckets.pairs()) {
      for (const bucket of this.buckets.of(pair)) if (isToPublish(bucket)) this.await(pair, bucket);
    }
  }

  apply(row: StreamRow<ObservationRow>, emitter: Emitter): void {
    if (row.kind === 'definition') {
      this.define(row.definition);
      emitter.forward(topics.pairs, 'same');
    } else if (row.kind === 'tick') this.tick(row.tickMs, emitter);
    else if (row.value.kind === 'labelled') this.label(row.value);
    else if (row.value.kind === 'event' && row.value.event.kind.case === 'deployment') {
      this.deploy(row.value.event.kind.value, emitter);
    }
  }

  takeChanges(): Map<string, Uint8Array | null> {
    const changes = new Map<string, Uint8Array | null>();
    const parts = [this.clock, this.group, this.settings, this.versions, this.series, this.buckets, this.histories];
    for (const part of parts) part.takeChanges(changes);
    return changes;
  }

  /** Other buckets: what was gathered no longer counts, and the comparisons of the model start anew. */
  private define(definition: Definition): void {
    if (kindOf(definition) !== 'model') return;
    const { name, kind } = definition;
    const settings = kind.case === 'model' ? settingsOf(kind.value) : undeclaredSettings;
    if (!gatherAlike(settings, this.settingsOf(name))) {
      for (const pair of this.pairsOf(name)) this.forgetPair(name, pair);
    }
    if (kind.case === 'model') this.settings.set(name, settings);
    else this.settings.delete(name);
  }

  /** Another version serves: all comparisons of its model start anew. A new build of the same one changes nothing. */
  private deploy(deployment: Deployment, emitter: Emitter): void {
    const { model, version, role, time } = deployment;
    if (role !== Role.PRIMARY || !time || version === this.versionsOf(model).serving) return;
    emitter.emit(topics.pairs, 'same', deploymentRow(this.nowMs, deployment));
    const sinceMs = timestampMs(time);
    this.changeVersions(model, servedBy(this.versionsOf(model), version, sinceMs));
    for (const pair of this.pairsOf(model)) this.beginAnew(pair, model);
  }

  /** The comparison of a pair, from the inputs that are known to be predicted since the serving version began to. */
  private beginAnew(pair: PairKey, model: string): void {
    const kept = this.buckets.of(pair).filter(({ startMs }) => startMs >= this.versionsOf(model).sinceMs);
    if (kept.length === 0) return this.series.delete(pair);
    const [, first, second] = partsOf(pair);
    const series = this.series.change(pair, () => emptySeries(model, first, second));
    Object.assign(series, { totals: noPairs, products: emptyProducts(LAGS) });
    const before = new Map<number, PairBucket>();
    for (const bucket of kept) {
      const said = { ...bucket, counts: bucket.published, published: noPairs };
      takeIn(
        series,
        said,
        this.neighbours(model, bucket.startMs, (startMs) => before.get(startMs)),
      );
      before.set(bucket.startMs, bucket);
    }
  }

  private label(row: LabelledRow): void {
    // A regression answers no class, so it is never right or wrong.
    if (row.class === '') return;
    const before = this.versionsOf(row.model);
    const after = admit(before, row.version);
    if (after !== before) this.changeVersions(row.model, after);
    if (!after.versions.includes(row.version)) return;

    const group = groupOf(row, this.group.get(only));
    const answer = answerOf(row);
    for (const other of group.answers) {
      if (after.versions.includes(other.version)) this.pair(row, answer, other);
    }
    this.group.set(only, { ...group, answers: [...group.answers, answer] });
  }

  private changeVersions(model: string, after: ComparedVersions): void {
    const before = this.pairsOf(model);
    this.versions.set(model, after);
    const kept = new Set(this.pairsOf(model));
    for (const pair of before) if (!kept.has(pair)) this.forgetPair(model, pair);
  }

  private pair({ model, knownAtMs }: LabelledRow, answer: GroupAnswer, other: GroupAnswer): void {
    const [first, second] = answer.version < other.version ? [answer, other] : [other, answer];
    const change = pairChange(first, second);
    if (first.version === second.version || change.kind === 'none') return;
    const { bucketMs } = this.settingsOf(model);
    const predictedAtMs = Math.min(first.predictedAtMs, second.predictedAtMs);
    const startMs = bucketStartOf(this.versionsOf(model), predictedAtMs, bucketMs);
    const now = onePair(change.now);
    const counts = change.kind === 'counted' ? now : differenceOf(now, onePair(change.before));
    const key = pairKey(model, first.version, second.version);
    const bucket = this.buckets.add(key, startMs, bucketMs, counts, this.nowMs);
    if (bucket) this.await(key, bucket);
    if (change.kind !== 'counted' || startMs < this.versionsOf(model).sinceMs) return;
    const series = this.series.change(key, () => emptySeries(model, first.version, second.version));
    remember(series, { predictedAtMs: Math.max(first.predictedAtMs, second.predictedAtMs), knownAtMs });
  }

  private tick(tickMs: number, emitter: Emitter): void {
    const [beforeMs, nowMs] = [this.nowMs, Math.max(tickMs, this.nowMs)];
    this.clock.set(only, nowMs);
    for (const [pair, starts] of this.due.take(nowMs)) this.look(pair, starts, emitter);
    if (Math.floor(nowMs / hourMs) > Math.floor(beforeMs / hourMs)) this.forget(nowMs);
    emitter.forward(topics.pairs, 'same');
    emitter.forward(topics.signals, 0);
  }

  /** Publishes the buckets of a pair that have ended and changed, and its comparison where that changed. */
  private look(pair: PairKey, starts: readonly number[], emitter: Emitter): void {
    const [model, first, second] = partsOf(pair);
    const [settings, versions, nowMs] = [this.settingsOf(model), this.versionsOf(model), this.nowMs];
    let isNews = false;
    for (const startMs of starts) {
      const bucket = this.buckets.at(pair, startMs);
      if (!bucket || !isToPublish(bucket)) continue;
      if (endOf(startMs, settings.bucketMs) > nowMs) {
        this.await(pair, bucket);
        continue;
      }
      if (startMs >= versions.sinceMs) {
        const series = this.series.change(pair, () => emptySeries(model, first, second));
        takeIn(
          series,
          bucket,
          this.neighbours(model, startMs, (at) => this.buckets.at(pair, at)),
        );
        isNews = true;
      }
      this.buckets.publish(pair, bucket, settings.bucketMs, nowMs);
      const endMs = bucketEndOf(versions, startMs, settings.bucketMs);
      emitter.emit(topics.pairs, 'same', bucketRow(nowMs, bucket, { model, first, second, endMs, life: this.life }));
    }
    const series = this.series.get(pair);
    if (!isNews || series === undefined || pairsOf(series.totals) === 0) return;
    emitter.emit(topics.signals, 0, comparisonSignal(nowMs, { versions, settings, series }));
  }

  /** A bucket is published at the first tick after its end, and a revision at the first after that of a bucket's length. */
  private await(pair: PairKey, { startMs }: PairBucket): void {
    const { bucketMs } = this.settingsOf(partsOf(pair)[0]);
    this.due.add(pair, startMs, Math.max(endOf(this.nowMs, bucketMs), endOf(startMs, bucketMs)));
  }

  /** Finds buckets beside one, of those predicted since the serving version began to serve. */
  private neighbours(
    model: string,
    startMs: number,
    at: (startMs: number) => PairBucket | undefined,
  ): (distance: number) => PairBucket | undefined {
    const { bucketMs } = this.settingsOf(model);
    const { sinceMs } = this.versionsOf(model);
    const index = Math.floor(startMs / bucketMs);
    return (distance) => {
      const from = (index + distance) * bucketMs;
      return from + bucketMs <= sinceMs ? undefined : at(Math.max(from, sinceMs));
    };
  }

  /** What no outcome can change any more, and no bucket within reach of one that it can. */
  private forget(nowMs: number): void {
    const settings = (pair: PairKey) => this.settingsOf(partsOf(pair)[0]);
    this.buckets.forget(
      (pair) => settings(pair).bucketMs,
      (pair) => nowMs - settings(pair).labelHorizonMs - LAGS * settings(pair).bucketMs,
    );
  }

  private forgetPair(model: string, pair: PairKey): void {
    this.series.delete(pair);
    this.buckets.forgetPair(pair, this.settingsOf(model).bucketMs);
    this.due.delete(pair);
  }

  private pairsOf(model: string): PairKey[] {
    const versions = [...this.versionsOf(model).versions].sort();
    return versions.flatMap((first, i) => versions.slice(i + 1).map((second) => pairKey(model, first, second)));
  }

  private get nowMs(): number {
    return this.clock.get(only) ?? 0;
  }

  private settingsOf(model: string): ComparisonSettings {
    return this.settings.get(model) ?? undeclaredSettings;
  }

  private versionsOf(model: string): ComparedVersions {
    return this.versions.get(model) ?? noVersions;
  }
}

/** When the bucket ends that an instant lies in, cut or not: what is due must not depend on what is learnt of cuts later. */
function endOf(atMs: number, bucketMs: number): number {
  return (Math.floor(atMs / bucketMs) + 1) * bucketMs;
}

function isToPublish({ counts, published }: PairBucket): boolean {
  return !isSame(counts, published);
}

function pairKey(model: string, first: string, second: string): PairKey {
  return JSON.stringify([model, first, second]);
}

function partsOf(pair: PairKey): [string, string, string] {
  return JSON.parse(pair) as [string, string, string];
}

import type { Definition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { Role, type Deployment } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { LabelledRow, ObservationRow } from '@moola/contracts/rows';
import { topics } from '@moola/contracts/topics';
import { jsonEntry, KeyedState } from '@moola/streams/keyed-state';
import type { Emitter, StreamRow, TaskState } from '@moola/streams/processor';
import { timestampMs } from '@bufbuild/protobuf/wkt';
import { admit, noVersions, servedBy, type ComparedVersions } from './compared-versions.js';
import { comparisonSignal } from './comparison-signal.js';
import { gatherAlike, settingsOf, undeclaredSettings, type ComparisonSettings } from './comparison-settings.js';
import { answerOf, groupOf, pairChange, type GroupAnswer, type InputGroup } from './input-group.js';
import { addPair, closeBuckets, correctPair, emptyHistory, remember, type PairHistory } from './pair-history.js';

type ModelPairHistory = PairHistory & { readonly model: string };

/** The key of what there is one of, such as the clock. */
const only = '';

/** All standing comparisons of one partition. */
export class ExperimentState implements TaskState<ObservationRow> {
  private readonly clock: KeyedState<number>;
  private readonly group: KeyedState<InputGroup>;
  /** By model. */
  private readonly settings: KeyedState<ComparisonSettings>;
  private readonly versions: KeyedState<ComparedVersions>;
  /** By model and pair. */
  private readonly histories: KeyedState<ModelPairHistory>;
  /** Keys of `histories` with an open bucket, and when the first of these ends: both follow from the histories. */
  private readonly open: Set<string>;
  private nextCloseMs: number;

  constructor(entries: ReadonlyMap<string, Uint8Array>) {
    this.clock = new KeyedState('clock/', jsonEntry(1), entries);
    this.group = new KeyedState('group/', jsonEntry(1), entries);
    this.settings = new KeyedState('settings/', jsonEntry(1), entries);
    this.versions = new KeyedState('versions/', jsonEntry(1), entries);
    this.histories = new KeyedState('histories/', jsonEntry(1), entries);
    this.open = new Set(this.histories.keys().filter((key) => this.histories.get(key)?.open.length));
    this.nextCloseMs = this.firstClose();
  }

  apply(row: StreamRow<ObservationRow>, emitter: Emitter): void {
    if (row.kind === 'definition') this.define(row.definition);
    else if (row.kind === 'tick') this.tick(row.tickMs, emitter);
    else if (row.value.kind === 'labelled') this.label(row.value);
    else if (row.value.kind === 'event' && row.value.event.kind.case === 'deployment') {
      this.deploy(row.value.event.kind.value);
    }
  }

  takeChanges(): Map<string, Uint8Array | null> {
    const changes = new Map<string, Uint8Array | null>();
    for (const part of [this.clock, this.group, this.settings, this.versions, this.histories])
      part.takeChanges(changes);
    return changes;
  }

  /** Other buckets or another lag: what was gathered no longer counts, and the comparisons of the model start anew. */
  private define({ name, kind }: Definition): void {
    if (kind.case !== 'model') return;
    const settings = settingsOf(kind.value);
    if (!gatherAlike(settings, this.settingsOf(name))) this.forgetPairs(name);
    this.settings.set(name, settings);
  }

  /** Another version serves: all comparisons of its model start anew. A new build of the same one changes nothing. */
  private deploy({ model, version, role, time }: Deployment): void {
    if (role !== Role.PRIMARY || !time || version === this.versionsOf(model).serving) return;
    this.forgetPairs(model);
    this.versions.set(model, servedBy(version, timestampMs(time)));
    this.group.delete(only);
  }

  private label(row: LabelledRow): void {
    const before = this.versionsOf(row.model);
    // A regression answers no class, so it is never right or wrong.
    if (row.class === '' || row.predictedAtMs < before.sinceMs) return;
    const after = admit(before, row.version);
    if (after !== before) this.changeVersions(row.model, before, after);
    if (!after.versions.includes(row.version)) return;

    const group = groupOf(row, this.group.get(only));
    const answer = answerOf(row);
    for (const other of group.answers) {
      if (after.versions.includes(other.version)) this.pair(row, answer, other);
    }
    this.group.set(only, { ...group, answers: [...group.answers, answer] });
  }

  private changeVersions(model: string, before: ComparedVersions, after: ComparedVersions): void {
    this.versions.set(model, after);
    for (const version of before.versions.filter((name) => !after.versions.includes(name))) {
      for (const other of before.versions) this.forgetPair(model, version, other);
    }
  }

  private pair({ model, knownAtMs }: LabelledRow, answer: GroupAnswer, other: GroupAnswer): void {
    const [first, second] = answer.version < other.version ? [answer, other] : [other, answer];
    const change = pairChange(first, second);
    if (first.version === second.version || change.kind === 'none') return;
    const { bucketMs, lag } = this.settingsOf(model);
    const key = pairKey(model, first.version, second.version);
    const history = this.histories.change(key, () => ({ model, ...emptyHistory(first.version, second.version, lag) }));
    // What comes late counts in the bucket that was open when it came: closed ones stay as they are.
    const bucket = Math.floor(Math.max(knownAtMs, this.nowMs) / bucketMs);
    if (change.kind === 'counted') {
      addPair(history, bucket, change.now);
      remember(history, Math.max(answer.predictedAtMs, other.predictedAtMs), knownAtMs);
    } else correctPair(history, bucket, change.before, change.now);
    if (history.open.length === 0) return;
    this.open.add(key);
    this.nextCloseMs = Math.min(this.nextCloseMs, this.closeOf(history));
  }

  private tick(tickMs: number, emitter: Emitter): void {
    const nowMs = Math.max(tickMs, this.nowMs);
    this.clock.set(only, nowMs);
    if (nowMs >= this.nextCloseMs) this.close(nowMs, emitter);
    emitter.passOn(topics.signals, 0);
  }

  /** Takes in the buckets that have ended, and publishes every comparison that this gave a pair. */
  private close(nowMs: number, emitter: Emitter): void {
    for (const key of [...this.open].sort()) {
      const history = this.histories.get(key) as ModelPairHistory;
      const settings = this.settingsOf(history.model);
      if (nowMs < this.closeOf(history)) continue;
      const morePairs = closeBuckets(history, Math.floor(nowMs / settings.bucketMs));
      this.histories.set(key, history);
      if (history.open.length === 0) this.open.delete(key);
      const standing = { versions: this.versionsOf(history.model), settings, history };
      if (morePairs) emitter.emit(topics.signals, 0, comparisonSignal(nowMs, history.model, standing));
    }
    this.nextCloseMs = this.firstClose();
  }

  private firstClose(): number {
    let first = Infinity;
    for (const key of this.open) first = Math.min(first, this.closeOf(this.histories.get(key) as ModelPairHistory));
    return first;
  }

  private closeOf({ model, open }: ModelPairHistory): number {
    return ((open[0]?.[0] ?? Infinity) + 1) * this.settingsOf(model).bucketMs;
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

  private forgetPairs(model: string): void {
    const { versions } = this.versionsOf(model);
    for (const version of versions) for (const other of versions) this.forgetPair(model, version, other);
  }

  private forgetPair(model: string, version: string, other: string): void {
    for (const key of [pairKey(model, version, other), pairKey(model, other, version)]) {
      this.histories.delete(key);
      this.open.delete(key);
    }
  }
}

/** JSON, so that no two pairs share a key whatever their names hold. */
function pairKey(model: string, first: string, second: string): string {
  return JSON.stringify([model, first, second]);
}

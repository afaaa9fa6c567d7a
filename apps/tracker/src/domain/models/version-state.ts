import type { MatchedRole } from '@moola/contracts/definitions/match';
import { joinedKey } from '@moola/contracts/joined-key';
import type { Segment } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { LabelFeed } from '@moola/metrics/accumulator';
import { basis, type Basis } from '@moola/metrics/metric';
import type { BudgetVerdict } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import type { Condition } from '@moola/rules/condition';
import { bucketAt, openBucket } from '@moola/windows/bucket-time';
import type { HistoryBucket } from '@moola/windows/history-bucket';
import { PackedWriter, type PackedReader } from '@moola/windows/packed-numbers';
import { unjudged } from '../budgets/budget.js';
import type { RulesInForce } from '../rules/derived-rules.js';
import { followRules } from '../rules/follow-rules.js';
import { EvaluationCache } from '../windows/evaluation-cache.js';
import type { Histories } from '../windows/history.js';
import { labelTierOf, type LabelTier } from '../windows/intervals.js';
import type { MeasuredPart } from '../windows/measured-part.js';
import { noSeries } from '../windows/series.js';
import { partOf, placeOf, type WindowLayout, type WindowStore } from '../windows/window-store.js';
import { WindowView } from '../windows/window-view.js';
import type { SegmentNames } from '../segments/segment-names.js';
import { VersionSegments } from '../segments/version-segments.js';
import { bucketPrefix, versionPrefix } from '../entries/keys.js';
import { writeVersion } from '../entries/version-entry.js';
import type { VersionRecord } from './version-record.js';
import type { WatchedModel } from './watched-model.js';

const none: readonly never[] = [];
const writer = new PackedWriter();

/** In the order in which entries hold them. */
const labelFeeds = ['labels', 'scores'] as const satisfies readonly LabelFeed[];

/** What a version holds of its traffic in one role. */
interface RoleWindows {
  readonly role: Role;
  /** The series of its traffic in the windows; `noSeries` before the first prediction. */
  traffic: number;
  /** Its history; `noSeries` before there is any. */
  history: number;
}

/** One version of a model: its windows, its history, its budget, its alerts. */
export class VersionState implements MeasuredPart {
  /** The series of all versions with the same windows: its own are among them. */
  windows: WindowLayout;
  /** Its series of labels, and of those with a score; `noSeries` before there is one. */
  private readonly labelSeries: Record<LabelFeed, number> = { labels: noSeries, scores: noSeries };
  /** In order of roles. */
  private roles: readonly RoleWindows[] = none;
  readonly segments: VersionSegments;
  /** Something is not in the last checkpoint. */
  unsaved = false;
  /** See `eventsUntilJudged`; counted down. Not saved: after a restart it is judged once more, to the same. */
  eventsUntilJudged = 0;
  /** It may hold events of buckets that open until then. Seconds: a small number takes no memory of its own. */
  private aheadUntilSeconds = 0;
  /** In which role its conditions were read last. Not saved: after a restart they are read anew. */
  judgedAs: MatchedRole | null = null;
  /** By which rules its conditions were read last. Not saved, as above. */
  judgedBy: RulesInForce | null = null;
  /** Of the rules that judge it. */
  readonly conditions = new EvaluationCache<Condition>();
  /** Of its budget's lines. */
  readonly verdicts = new EvaluationCache<BudgetVerdict>();

  constructor(
    readonly model: string,
    readonly name: string,
    private readonly store: WindowStore,
    private watched: WatchedModel,
    private readonly segmentNames: SegmentNames,
    readonly record: VersionRecord = newRecord(),
  ) {
    this.windows = store.layoutOf(watched.plan);
    this.segments = new VersionSegments(model, name, store, watched.segments.plan);
  }

  /** Its series in `windows.labels` or `windows.scores`, begun when missing. */
  labelsOf(feed: LabelFeed): number {
    if (this.labelSeries[feed] === noSeries) this.labelSeries[feed] = this.windows[feed].create();
    return this.labelSeries[feed];
  }

  get histories(): Histories {
    return this.store.histories;
  }

  /** Its series in `windows.traffic`, begun when missing. */
  trafficOf(role: Role): number {
    const held = this.windowsOf(role);
    if (held.traffic === noSeries) held.traffic = this.windows.traffic.create();
    return held.traffic;
  }

  /** Its series in `windows.traffic`; `noSeries` before there is one. */
  trafficIn(role: Role): number {
    for (const held of this.roles) if (held.role === role) return held.traffic;
    return noSeries;
  }

  /** Its series in `histories`, begun when missing. */
  historyOf(role: Role): number {
    const held = this.windowsOf(role);
    if (held.history === noSeries) held.history = this.histories.create(this.watched.definition.labelHorizonMs);
    return held.history;
  }

  /**
   * Buckets of its history to publish at a tick, by role and time.
   * @param keptMs how far back they are kept: `ModelState.historyKeptMs`
   */
  publishBuckets(tickMs: number, keptMs: number, take: (role: Role, bucket: HistoryBucket) => void): void {
    for (const { role, history } of this.roles) {
      if (history === noSeries) continue;
      this.histories.keepFor(history, keptMs);
      for (const bucket of this.histories.publish(history, tickMs)) take(role, bucket);
    }
  }

  /** Brings all windows to a tick. */
  advance(tickMs: number): void {
    let moved = false;
    for (const feed of labelFeeds) moved = this.windows[feed].advance(this.labelSeries[feed], tickMs) || moved;
    for (const { traffic } of this.roles) moved = this.windows.traffic.advance(traffic, tickMs) || moved;
    moved = this.segments.advance(tickMs) || moved;
    if (moved) this.stale(basis.both);
  }

  /** Says that something happened to it after which it is to be judged, whatever its samples. */
  change(): void {
    this.eventsUntilJudged = 0;
    this.stale(basis.both);
  }

  /** Says that an event of that time was counted. @param to what figures rest on */
  counted(to: Basis, timeMs: number, tickMs: number): void {
    if (this.eventsUntilJudged > 0) this.eventsUntilJudged--;
    const { bucketMs } = this.watched.definition;
    if (bucketAt(timeMs, bucketMs) > openBucket(tickMs, bucketMs)) {
      this.aheadUntilSeconds = Math.max(this.aheadUntilSeconds, Math.ceil(timeMs / 1000));
    }
    this.stale(to);
  }

  /** It may hold events that time alone brings into its windows. */
  holdsAhead(tickMs: number): boolean {
    return tickMs <= this.aheadUntilSeconds * 1000;
  }

  private stale(of: Basis): void {
    this.conditions.stale(of);
    this.verdicts.stale(of);
    this.record.changed = true;
    this.record.unpublished = true;
    this.record.breakdownDue = true;
    this.unsaved = true;
  }

  view(windowMs: number): WindowView {
    const { labels, scores, traffic } = this.windows;
    const place = placeOf(this.windows, windowMs);
    const answered = this.trafficNow();
    return new WindowView(
      windowMs,
      partOf(labels, this.labelSeries.labels, place),
      partOf(scores, this.labelSeries.scores, place),
      partOf(traffic, answered, place),
      this.record.baseline,
      this.record.baselineCounts,
    );
  }

  /** The version itself, or a segment of it that a rule or a budget line names. */
  part(segment: Segment | undefined): MeasuredPart {
    if (segment === undefined) return this;
    return this.segments.of(this.segmentNames.numberOfNamed(segment));
  }

  labelTier(windowMs: number): LabelTier {
    return labelTierOf(this.windows, this.labelSeries.labels, windowMs);
  }

  /** The first millisecond at which a window changes or a bucket is to be published by time alone. */
  nextMoveMs(): number {
    let next = Infinity;
    for (const feed of labelFeeds) next = Math.min(next, this.windows[feed].nextMoveMs(this.labelSeries[feed]));
    for (const { traffic, history } of this.roles) {
      next = Math.min(next, this.windows.traffic.nextMoveMs(traffic), this.histories.nextEndMs(history));
    }
    return Math.min(next, this.segments.nextMoveMs());
  }

  /** Follows another definition of its model. */
  watch(
    watched: WatchedModel,
    rules: { readonly before: RulesInForce; readonly after: RulesInForce },
    tickMs: number,
    changes: Map<string, Uint8Array | null>,
  ): void {
    followRules(this.record, rules.before.rules, rules.after.rules);
    this.watched = watched;
    this.record.publishedServing = null;
    this.conditions.clear();
    this.verdicts.clear();
    this.layOut(watched, tickMs, changes);
    this.segments.watch(watched.segments.plan, (number) => this.segmentNames.isCounted(number), tickMs, changes);
    this.change();
  }

  /** Adds its entry to a checkpoint, and those of its older buckets that changed. */
  takeChanges(changes: Map<string, Uint8Array | null>): void {
    const { windows, histories, roles, key } = this;
    writeVersion(this.record, writer.begin());
    const held = labelFeeds.filter((feed) => this.labelSeries[feed] !== noSeries);
    writer.flags(labelFeeds.map((feed) => this.labelSeries[feed] !== noSeries));
    for (const feed of held) windows[feed].writeNewest(this.labelSeries[feed], writer);
    writer.number(countOf(roles, 'traffic'));
    for (const { role, traffic } of roles) {
      if (traffic === noSeries) continue;
      writer.number(role);
      windows.traffic.writeNewest(traffic, writer);
    }
    writer.number(countOf(roles, 'history'));
    for (const { role, history } of roles) {
      if (history === noSeries) continue;
      writer.number(role);
      histories.writeNewest(history, writer);
    }
    changes.set(versionPrefix + key, writer.finish());
    this.segments.takeChanges(changes);
    const prefix = `${bucketPrefix}${key}/`;
    for (const feed of held) windows[feed].takeChanges(this.labelSeries[feed], `${prefix}${feed}/`, changes);
    for (const { role, traffic, history } of roles) {
      if (traffic !== noSeries) windows.traffic.takeChanges(traffic, prefix + paths.traffic(role), changes);
      if (history !== noSeries) histories.takeChanges(history, prefix + paths.history(role), changes);
    }
  }

  /** Takes in what follows its record in its entry. */
  restoreNewest(reader: PackedReader): void {
    const { traffic } = this.windows;
    const has = reader.flags(labelFeeds.length);
    labelFeeds.forEach((feed, i) => {
      if (has[i]) this.windows[feed].restoreNewest(this.labelsOf(feed), reader);
    });
    for (let left = reader.number(); left > 0; left--) traffic.restoreNewest(this.trafficOf(reader.number()), reader);
    for (let left = reader.number(); left > 0; left--) {
      this.histories.restoreNewest(this.historyOf(reader.number()), reader);
    }
  }

  /**
   * Takes in an entry of older buckets.
   * @param path what follows model and version in its key
   * @returns whether there is a place for it
   */
  restoreEntry([kind, ...path]: readonly string[], bytes: Uint8Array): boolean {
    const [role = 0, lengthMs = 0, entry = 0] = (kind === 'labels' || kind === 'scores' ? ['0', ...path] : path).map(
      Number,
    );
    switch (kind) {
      case 'labels':
      case 'scores':
        return this.windows[kind].restoreEntry(this.labelsOf(kind), lengthMs, entry, bytes);
      case 'traffic':
        return this.windows.traffic.restoreEntry(this.trafficOf(role), lengthMs, entry, bytes);
      case 'history':
        this.histories.restoreEntry(this.historyOf(role), entry, bytes);
        return true;
      default:
        return false;
    }
  }

  /** To be called when all entries are in. @param tickMs to which its windows had been brought */
  restored(tickMs: number): void {
    this.segments.advance(tickMs);
    for (const feed of labelFeeds) this.windows[feed].advance(this.labelSeries[feed], tickMs);
    for (const { traffic, history } of this.roles) {
      this.windows.traffic.advance(traffic, tickMs);
      this.histories.restored(history);
    }
  }

  private get key(): string {
    return joinedKey(this.model, this.name);
  }

  private windowsOf(role: Role): RoleWindows {
    for (const each of this.roles) if (each.role === role) return each;
    const begun: RoleWindows = { role, traffic: noSeries, history: noSeries };
    // Not `[...roles, begun]`, which makes room for 17.
    this.roles = this.roles.concat(begun).sort((a, b) => a.role - b.role);
    return begun;
  }

  /** The traffic in the role that it has now. */
  private trafficNow(): number {
    return this.trafficIn(this.record.role);
  }

  /**
   * Moves its series to the windows of another definition. Where that asks for other sums, they begin empty: the old ones
   * do not tell them.
   */
  private layOut(watched: WatchedModel, tickMs: number, changes: Map<string, Uint8Array | null>): void {
    const before = this.windows;
    const after = this.store.layoutOf(watched.plan);
    const prefix = `${bucketPrefix}${this.key}/`;
    this.windows = after;
    for (const feed of labelFeeds) {
      const series = this.labelSeries[feed];
      if (series === noSeries) continue;
      this.labelSeries[feed] = after[feed].takeOver(before[feed], series, tickMs, `${prefix}${feed}/`, changes);
    }
    for (const held of this.roles) {
      const path = prefix + paths.traffic(held.role);
      if (held.traffic !== noSeries) {
        held.traffic = after.traffic.takeOver(before.traffic, held.traffic, tickMs, path, changes);
      }
      if (held.history !== noSeries) this.histories.keepFor(held.history, watched.definition.labelHorizonMs);
    }
  }
}

/** Where the entries of a version's older buckets stand, after its key. */
const paths = {
  traffic: (role: Role) => `traffic/${role}/`,
  history: (role: Role) => `history/${role}/`,
} as const;

/** In how many roles there is traffic, or history. */
function countOf(roles: readonly RoleWindows[], what: 'traffic' | 'history'): number {
  let count = 0;
  for (const role of roles) if (role[what] !== noSeries) count++;
  return count;
}

function newRecord(): VersionRecord {
  return {
    role: Role.UNSPECIFIED,
    changed: false,
    unpublished: false,
    breakdownDue: false,
    standing: unjudged,
    publishedServing: null,
    baseline: null,
    alerts: {},
  };
}

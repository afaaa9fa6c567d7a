import type { Severity } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { BudgetVerdict } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import type { Alert } from '@moola/rules/alert';
import type { Condition } from '@moola/rules/condition';
import { bucketAt, openBucket } from '@moola/windows/bucket-time';
import { labelBuckets, type LabelBucket } from '@moola/windows/label-bucket';
import { trafficBuckets, type TrafficBucket } from '@moola/windows/traffic-bucket';
import { PackedWriter, type PackedReader } from '@moola/windows/packed-numbers';
import { unjudged, type BudgetStanding } from '../budgets/budget.js';
import { rememberRemoved } from '../rules/removed-rules.js';
import { Derived } from '../windows/derived.js';
import { basis, type Basis, type WindowView } from '../windows/figures.js';
import { History } from '../windows/history.js';
import { Series, type WindowSum } from '../windows/series.js';
import { bucketPrefix, joinKey, versionPrefix } from '../entries/keys.js';
import { writeVersion } from '../entries/version-entry.js';
import type { WatchedModel } from './watched-model.js';

/** What is kept of a version beside its buckets. */
export interface VersionRecord {
  /** The role of its last deployment or prediction, whichever came last. */
  role: Role;
  /** Something happened since its last evaluation. */
  changed: boolean;
  /** Its windows changed since the last snapshot. */
  unpublished: boolean;
  standing: BudgetStanding;
  /** What was published of the budget last: whether it served; `null` when another definition has come since. */
  publishedServing: boolean | null;
  /** Figures by metric name, over the budget's window, when it last became known good. */
  baseline: Record<string, number> | null;
  /** By rule name. */
  alerts: Record<string, Alert>;
  /** By rule name, of rules that are gone while their alert has not ended yet. */
  removedSeverities?: Record<string, Severity>;
}

const none: readonly never[] = [];
const noTraffic: WindowSum<TrafficBucket> = { closed: trafficBuckets.empty, open: trafficBuckets.empty };
const noLabels: WindowSum<LabelBucket> = { closed: labelBuckets.empty, open: labelBuckets.empty };
const writer = new PackedWriter();

interface RoleTraffic {
  readonly role: Role;
  readonly series: Series<TrafficBucket>;
}

interface RoleHistory {
  readonly role: Role;
  readonly history: History;
}

/** One version of a model: its windows, its history, its budget, its alerts. */
export class VersionState {
  private labelSeries: Series<LabelBucket> | null = null;
  /** In order of roles, as all lists of them. */
  private traffic: readonly RoleTraffic[] = none;
  private histories: readonly RoleHistory[] = none;
  /** Something is not in the last checkpoint. */
  unsaved = false;
  /** See `eventsUntilJudged`; counted down. Not saved: after a restart it is judged once more, to the same. */
  eventsUntilJudged = 0;
  /** It may hold events of buckets that open until then. Seconds: a small number takes no memory of its own. */
  private aheadUntilSeconds = 0;
  /** Of its rules, while it serves. */
  readonly conditions = new Derived<Condition>();
  /** Of its budget's lines. */
  readonly verdicts = new Derived<BudgetVerdict>();

  constructor(
    readonly model: string,
    readonly name: string,
    private watched: WatchedModel,
    readonly record: VersionRecord = newRecord(),
  ) {}

  get labels(): Series<LabelBucket> {
    return (this.labelSeries ??= new Series(labelBuckets, this.watched.plan));
  }

  trafficOf(role: Role): Series<TrafficBucket> {
    for (const each of this.traffic) if (each.role === role) return each.series;
    const series = new Series(trafficBuckets, this.watched.plan);
    this.traffic = [...this.traffic, { role, series }].sort(byRole);
    return series;
  }

  historyOf(role: Role): History {
    for (const each of this.histories) if (each.role === role) return each.history;
    const history = new History(this.watched.definition.labelHorizonMs);
    this.histories = [...this.histories, { role, history }].sort(byRole);
    return history;
  }

  historiesByRole(): readonly RoleHistory[] {
    return this.histories;
  }

  /** Brings all windows to a tick. */
  advance(tickMs: number): void {
    let moved = this.labelSeries?.advance(tickMs) ?? false;
    for (const { series } of this.traffic) moved = series.advance(tickMs) || moved;
    for (const { history } of this.histories) history.ring.advance(tickMs);
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
    this.unsaved = true;
  }

  view(windowMs: number): WindowView {
    return {
      windowMs,
      labels: this.labelSeries?.sum(windowMs) ?? noLabels,
      traffic: this.trafficSum(windowMs),
      baseline: this.record.baseline,
    };
  }

  /** The first millisecond at which a window changes or a bucket is to be published by time alone. */
  nextMoveMs(): number {
    let next = this.labelSeries?.nextMoveMs() ?? Infinity;
    for (const { series } of this.traffic) next = Math.min(next, series.nextMoveMs());
    for (const { history } of this.histories) next = Math.min(next, history.nextEndMs());
    return next;
  }

  /** Follows another definition of its model. */
  watch(watched: WatchedModel, tickMs: number, changes: Map<string, Uint8Array | null>): void {
    rememberRemoved(this.record, this.watched.rules, watched.rules);
    this.watched = watched;
    this.record.publishedServing = null;
    this.conditions.clear();
    this.verdicts.clear();
    const prefix = `${bucketPrefix}${this.key}/`;
    this.labelSeries?.layOut(watched.plan, tickMs, `${prefix}${paths.labels}`, changes);
    for (const { role, series } of this.traffic)
      series.layOut(watched.plan, tickMs, prefix + paths.traffic(role), changes);
    for (const { history } of this.histories) history.keepFor(watched.definition.labelHorizonMs);
    this.change();
  }

  /** Adds its entry to a checkpoint, and those of its older buckets that changed. */
  takeChanges(changes: Map<string, Uint8Array | null>): void {
    writeVersion(this.record, writer.begin());
    writer.flags([this.labelSeries !== null]);
    this.labelSeries?.writeNewest(writer);
    writer.number(this.traffic.length);
    for (const { role, series } of this.traffic) {
      writer.number(role);
      series.writeNewest(writer);
    }
    writer.number(this.histories.length);
    for (const { role, history } of this.histories) {
      writer.number(role);
      history.ring.writeNewest(writer);
    }
    const { key } = this;
    changes.set(versionPrefix + key, writer.finish());
    const prefix = `${bucketPrefix}${key}/`;
    this.labelSeries?.takeChanges(prefix + paths.labels, changes);
    for (const { role, series } of this.traffic) series.takeChanges(prefix + paths.traffic(role), changes);
    for (const { role, history } of this.histories) history.takeChanges(prefix + paths.history(role), changes);
  }

  /** Takes in what follows its record in its entry. */
  restoreNewest(reader: PackedReader): void {
    const [hasLabels] = reader.flags(1);
    if (hasLabels) this.labels.restoreNewest(reader);
    for (let left = reader.number(); left > 0; left--) this.trafficOf(reader.number()).restoreNewest(reader);
    for (let left = reader.number(); left > 0; left--) this.historyOf(reader.number()).ring.restoreNewest(reader);
  }

  /**
   * Takes in an entry of older buckets.
   * @param path what follows model and version in its key
   * @returns whether there is a place for it
   */
  restoreEntry([kind, ...path]: readonly string[], bytes: Uint8Array): boolean {
    const [role = 0, lengthMs = 0, entry = 0] = (kind === 'labels' ? ['0', ...path] : path).map(Number);
    switch (kind) {
      case 'labels':
        return this.labels.restoreEntry(lengthMs, entry, bytes);
      case 'traffic':
        return this.trafficOf(role).restoreEntry(lengthMs, entry, bytes);
      case 'history':
        this.historyOf(role).restoreEntry(entry, bytes);
        return true;
      default:
        return false;
    }
  }

  /** To be called when all entries are in. @param tickMs to which its windows had been brought */
  restored(tickMs: number): void {
    this.labelSeries?.advance(tickMs);
    for (const { series } of this.traffic) series.advance(tickMs);
    for (const { history } of this.histories) history.restored(tickMs);
  }

  private get key(): string {
    return joinKey(this.model, this.name);
  }

  private trafficSum(windowMs: number): WindowSum<TrafficBucket> {
    for (const { role, series } of this.traffic) if (role === this.record.role) return series.sum(windowMs);
    return noTraffic;
  }
}

/** Where the entries of a version's older buckets stand, after its key. */
const paths = {
  labels: 'labels/',
  traffic: (role: Role) => `traffic/${role}/`,
  history: (role: Role) => `history/${role}/`,
} as const;

function byRole(a: { readonly role: Role }, b: { readonly role: Role }): number {
  return a.role - b.role;
}

function newRecord(): VersionRecord {
  return {
    role: Role.UNSPECIFIED,
    changed: false,
    unpublished: false,
    standing: unjudged,
    publishedServing: false,
    baseline: null,
    alerts: {},
  };
}

import type { Severity } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { BudgetVerdict } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import type { Alert } from '@moola/rules/alert';
import type { Condition } from '@moola/rules/condition';
import { labelBuckets, type LabelBucket } from '@moola/windows/label-bucket';
import { trafficBuckets, type TrafficBucket } from '@moola/windows/traffic-bucket';
import { unjudged, type BudgetStanding } from '../budgets/budget.js';
import { rememberRemoved } from '../rules/removed-rules.js';
import { Derived } from '../windows/derived.js';
import { basis, type Basis, type WindowView } from '../windows/figures.js';
import { History } from '../windows/history.js';
import { Series, type WindowSum } from '../windows/series.js';
import { joinKey } from './names.js';
import type { WatchedModel } from './watched-model.js';

/** What is kept of a version beside its buckets. Plain data: JSON keeps it. */
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

const noTraffic: WindowSum<TrafficBucket> = { closed: trafficBuckets.create(0), open: trafficBuckets.create(0) };

/** One version of a model: its windows, its history, its budget, its alerts. */
export class VersionState {
  readonly labels: Series<LabelBucket>;
  private readonly traffic = new Map<Role, Series<TrafficBucket>>();
  private readonly histories = new Map<Role, History>();
  private byRole: readonly [Role, History][] = [];
  /** Something is not in the last checkpoint. */
  unsaved = false;
  /** Of its rules, while it serves. */
  readonly conditions = new Derived<Condition>();
  /** Of its budget's lines. */
  readonly verdicts = new Derived<BudgetVerdict>();

  constructor(
    readonly model: string,
    readonly name: string,
    private watched: WatchedModel,
    readonly record: VersionRecord = newRecord(),
  ) {
    this.labels = new Series(labelBuckets, watched.plan, joinKey(model, name, 'labels') + '/');
  }

  trafficOf(role: Role): Series<TrafficBucket> {
    let series = this.traffic.get(role);
    if (series === undefined) {
      series = new Series(trafficBuckets, this.watched.plan, joinKey(this.model, this.name, 'traffic', role) + '/');
      this.traffic.set(role, series);
    }
    return series;
  }

  historyOf(role: Role): History {
    let history = this.histories.get(role);
    if (history === undefined) {
      const horizonMs = this.watched.definition.labelHorizonMs;
      history = new History(horizonMs, joinKey(this.model, this.name, 'history', role) + '/');
      this.histories.set(role, history);
      this.byRole = [...this.histories].sort(([a], [b]) => a - b);
    }
    return history;
  }

  /** Histories by role, in the order of roles. */
  historiesByRole(): readonly (readonly [Role, History])[] {
    return this.byRole;
  }

  /** Brings all windows to a tick. */
  advance(tickMs: number): void {
    let moved = this.labels.advance(tickMs);
    for (const series of this.traffic.values()) moved = series.advance(tickMs) || moved;
    for (const history of this.histories.values()) history.ring.advance(tickMs);
    if (moved) this.change();
  }

  /**
   * Says that something happened to it.
   * @param to what its figures rest on
   */
  change(to: Basis = basis.both): void {
    this.conditions.stale(to);
    this.verdicts.stale(to);
    this.record.changed = true;
    this.record.unpublished = true;
    this.unsaved = true;
  }

  view(windowMs: number): WindowView {
    return {
      windowMs,
      labels: this.labels.sum(windowMs),
      traffic: this.traffic.get(this.record.role)?.sum(windowMs) ?? noTraffic,
      baseline: this.record.baseline,
    };
  }

  /** The first millisecond at which a window changes or a bucket is to be published by time alone. */
  nextMoveMs(): number {
    let next = this.labels.nextMoveMs();
    for (const series of this.traffic.values()) next = Math.min(next, series.nextMoveMs());
    for (const history of this.histories.values()) next = Math.min(next, history.nextEndMs());
    return next;
  }

  /** Follows another definition of its model. */
  watch(watched: WatchedModel, tickMs: number, prefix: string, changes: Map<string, Uint8Array | null>): void {
    rememberRemoved(this.record, this.watched.rules, watched.rules);
    this.watched = watched;
    this.record.publishedServing = null;
    this.conditions.clear();
    this.verdicts.clear();
    for (const series of [this.labels, ...this.traffic.values()]) series.layOut(watched.plan, tickMs, prefix, changes);
    for (const history of this.histories.values()) history.keepFor(watched.definition.labelHorizonMs);
    this.change();
  }

  takeBucketChanges(prefix: string, changes: Map<string, Uint8Array | null>): void {
    this.labels.takeChanges(prefix, changes);
    for (const series of this.traffic.values()) series.takeChanges(prefix, changes);
    for (const history of this.histories.values()) history.takeChanges(prefix, changes);
  }

  /**
   * Takes in an entry of a checkpoint.
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

  /** To be called when all entries are in. */
  restored(tickMs: number): void {
    this.labels.advance(tickMs);
    for (const series of this.traffic.values()) series.advance(tickMs);
    for (const history of this.histories.values()) history.restored(tickMs);
  }
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

import { ownCopy } from './names.js';
import { VersionState, type VersionRecord } from './version-state.js';
import type { WatchedModel } from './watched-model.js';

/** How much came in, what was refused, and what came too late for its bucket. */
export interface Counts {
  predictions: number;
  outcomes: number;
  labelled: number;
  duplicates: number;
  orphans: number;
  tooLate: number;
  beyondBuckets: number;
}

/** What is kept of a model beside its versions. Plain data: JSON keeps it. */
export interface ModelRecord {
  /** The version that serves, and since when by event time. */
  serving: { readonly version: string; readonly sinceMs: number } | null;
  /** A deployment with role primary has been seen. */
  deployed: boolean;
  readonly counts: Counts;
  countsChanged: boolean;
  /** Something happened since the last evaluation. */
  changed: boolean;
  /** When it is to be evaluated though nothing happens; `null`: never. */
  dueMs: number | null;
  /** How many buckets had ended when its windows were published last. */
  publishedEnds: number;
}

/** A model that is watched. */
export class ModelState {
  private readonly versions = new Map<string, VersionState>();
  private byName: VersionState[] | null = null;
  /** Something is not in the last checkpoint. */
  unsaved = false;
  /** See `NameOrder`. */
  rank = -1;

  constructor(
    readonly name: string,
    public watched: WatchedModel,
    readonly record: ModelRecord = newRecord(),
  ) {}

  get serving(): VersionState | null {
    return this.record.serving === null ? null : this.version(this.record.serving.version);
  }

  /** The version, made when missing. */
  version(name: string): VersionState {
    return this.versions.get(name) ?? this.add(new VersionState(this.name, ownCopy(name), this.watched));
  }

  restoreVersion(name: string, record: VersionRecord): void {
    this.add(new VersionState(this.name, name, this.watched, record));
  }

  /** In order of names. */
  versionsByName(): readonly VersionState[] {
    this.byName ??= [...this.versions.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    return this.byName;
  }

  /** Follows another definition of it. */
  watch(watched: WatchedModel, tickMs: number, prefix: string, changes: Map<string, Uint8Array | null>): void {
    this.watched = watched;
    for (const version of this.versions.values()) version.watch(watched, tickMs, prefix, changes);
  }

  private add(version: VersionState): VersionState {
    this.versions.set(version.name, version);
    this.byName = null;
    return version;
  }
}

function newRecord(): ModelRecord {
  return {
    serving: null,
    deployed: false,
    counts: { predictions: 0, outcomes: 0, labelled: 0, duplicates: 0, orphans: 0, tooLate: 0, beyondBuckets: 0 },
    countsChanged: false,
    changed: false,
    dueMs: null,
    publishedEnds: -1,
  };
}

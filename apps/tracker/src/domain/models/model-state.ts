import { defaultDoorHorizonMs } from '@moola/contracts/door-horizons';
import { ownCopy } from '@moola/contracts/own-copy';
import { otherClasses } from '@moola/metrics/accumulators/class-confusion';
import type { TaskType } from '@moola/metrics/task-type';
import { derivedRules, type RulesInForce } from '../rules/derived-rules.js';
import type { VersionRecord } from './version-record.js';
import { VersionState } from './version-state.js';
import { SegmentNames } from '../segments/segment-names.js';
import type { WindowStore } from '../windows/window-store.js';
import type { UndeclaredTask, WatchedModel } from './watched-model.js';

/** How much came in, what was refused, and what came too late for its bucket. */
export interface Counts {
  predictions: number;
  outcomes: number;
  labelled: number;
  duplicates: number;
  orphans: number;
  tooLate: number;
  beyondBuckets: number;
  outcomesUnmatched: number;
  labelsOfOtherTask: number;
}

/** What is kept of a model beside its versions. */
export interface ModelRecord {
  /**
   * The tick at which it was first heard of; 0 where an earlier version did not write it down. For a label horizon after it
   * the doors' history is counted, however old: see `historyKeptMs`.
   */
  readonly sinceMs: number;
  /** The version that serves, and since when by event time. */
  serving: { readonly version: string; readonly sinceMs: number } | null;
  /** A deployment with role primary has been seen. */
  deployed: boolean;
  readonly counts: Counts;
  countsChanged: boolean;
  /** Something happened since the last evaluation. */
  changed: boolean;
  /** Its first answer was a number: without a definition it is a regression. */
  answersNumbers: boolean;
  /** Those of a multiclass model, in the order in which they came: see `ModelState.classIndex`. */
  classes: readonly string[];
  /** See `SegmentNames`. */
  segments: readonly string[];
  /** When it is to be evaluated though nothing happens; `null`: never. */
  dueMs: number | null;
  /** The tick since which it has waited for its turn to be published; `null`: it does not. See `PublicationTurns`. */
  waitingSinceMs: number | null;
  /** The tick to which its windows were brought last; `null`: none. */
  evaluatedMs: number | null;
  /** How many buckets had ended when its windows were published last. */
  publishedEnds: number;
  /** How many minutes had ended when its breakdowns were published last: see `publishBreakdowns`. */
  breakdownEnds: number;
}

/** A model that is watched. */
export class ModelState {
  readonly segments: SegmentNames;
  /** By name. */
  private versions: readonly VersionState[] = [];
  /** The rules that its segments come to, and the names of these. */
  private derived: { readonly of: readonly string[]; readonly rules: RulesInForce } | null = null;
  /** Something is not in the last checkpoint. */
  unsaved = false;
  /** See `NameOrder`. */
  rank = -1;

  constructor(
    readonly name: string,
    private readonly windows: WindowStore,
    public watched: WatchedModel,
    readonly record: ModelRecord,
  ) {
    this.segments = new SegmentNames(record, watched.segments);
  }

  /** @param tickMs at which it is first heard of */
  static begin(name: string, windows: WindowStore, watched: WatchedModel, tickMs: number): ModelState {
    return new ModelState(name, windows, watched, newRecord(tickMs));
  }

  /**
   * How far back buckets of its history are kept: as long as outcomes may follow; and as far as the doors reach while
   * `collector/join` still takes history of it (`Horizons.heldFromMs`).
   */
  historyKeptMs(tickMs: number): number {
    const { labelHorizonMs } = this.watched.definition;
    return tickMs <= this.record.sinceMs + labelHorizonMs ? Math.max(labelHorizonMs, historyHorizonMs) : labelHorizonMs;
  }

  get task(): TaskType {
    return this.watched.task;
  }

  get positiveClass(): string {
    return this.watched.definition.positiveClass;
  }

  /** The number of a class, given to it when it is first counted; more than `mostClasses` share the last one. */
  classIndex(name: string): number {
    const { record } = this;
    const known = record.classes.indexOf(name);
    if (known >= 0) return known;
    if (record.classes.length >= otherClasses) return otherClasses;
    // Not `[...classes, name]`, which makes room for 17.
    record.classes = record.classes.concat(ownCopy(name));
    return record.classes.length - 1;
  }

  /** @param index of a class: see `classIndex` */
  className(index: number): string {
    return this.record.classes[index] ?? '';
  }

  get serving(): VersionState | null {
    return this.record.serving === null ? null : this.version(this.record.serving.version);
  }

  isServing(version: VersionState): boolean {
    return this.record.serving?.version === version.name;
  }

  /** The version, made when missing. */
  version(name: string): VersionState {
    for (const version of this.versions) if (version.name === name) return version;
    return this.add(new VersionState(this.name, ownCopy(name), this.windows, this.watched, this.segments));
  }

  restoreVersion(name: string, record: VersionRecord): VersionState {
    return this.add(new VersionState(this.name, name, this.windows, this.watched, this.segments, record));
  }

  /** In order of names. */
  versionsByName(): readonly VersionState[] {
    return this.versions;
  }

  /** Follows another definition of it. */
  watch(watched: WatchedModel, tickMs: number, changes: Map<string, Uint8Array | null>): void {
    const before = this.rulesInForce;
    this.watched = watched;
    this.segments.watch(watched.segments);
    this.derived = null;
    const rules = { before, after: this.rulesInForce };
    for (const version of this.versions) version.watch(watched, rules, tickMs, changes);
  }

  /** The rules that judge its versions: another object when a definition or a segment has come. */
  get rulesInForce(): RulesInForce {
    if (!this.watched.hasPatterns) return this.watched;
    const { segments } = this.record;
    if (this.derived?.of !== segments) {
      this.derived = { of: segments, rules: derivedRules(this.watched, this.segments.counted()) };
    }
    return this.derived.rules;
  }

  private add(version: VersionState): VersionState {
    // Not `[...versions, version]`, which makes room for 17.
    this.versions = this.versions.concat(version).sort((a, b) => (a.name < b.name ? -1 : 1));
    return version;
  }
}

/** A minute more than the doors take, for what lies between. */
const historyHorizonMs = defaultDoorHorizonMs + 60_000;

const noClasses: readonly string[] = [];

/** What a model is taken for where nobody declares it. */
export function undeclaredTask({ answersNumbers }: ModelRecord): UndeclaredTask {
  return answersNumbers ? 'regression' : 'binary';
}

function newRecord(sinceMs: number): ModelRecord {
  return {
    sinceMs,
    serving: null,
    deployed: false,
    counts: {
      predictions: 0,
      outcomes: 0,
      labelled: 0,
      duplicates: 0,
      orphans: 0,
      tooLate: 0,
      beyondBuckets: 0,
      outcomesUnmatched: 0,
      labelsOfOtherTask: 0,
    },
    countsChanged: false,
    changed: false,
    answersNumbers: false,
    classes: noClasses,
    segments: noClasses,
    dueMs: null,
    waitingSinceMs: null,
    evaluatedMs: null,
    publishedEnds: -1,
    breakdownEnds: -1,
  };
}

import { isEmpty } from '@moola/contracts/columns/segments';
import { joinedKey, partsOfKey } from '@moola/contracts/joined-key';
import { subjectMetrics } from '@moola/metrics/catalogue';
import { measureSubject, shownWindowMs, type SubjectMetric, type SubjectName } from '@moola/metrics/subject-metric';
import { jsonEntry, KeyedState } from '@moola/streams/processor/keyed-state';
import type { Publisher } from '../snapshots/publisher.js';
import { followRules } from '../rules/follow-rules.js';
import { pauseHeld } from '../rules/held-alerts.js';
import { endSubjectAlerts, figureOf, noAlerts, stepSubjectAlerts, type SubjectAlerts } from './subject-alerts.js';
import { otherSubjects, type SubjectKind } from './subject-kind.js';
import type { SubjectWatch } from './subject-rules.js';

/** What is kept of one job or instance. */
interface Held<Rec> extends SubjectAlerts {
  readonly record: Rec;
  /** Something of it has not been published. */
  unpublished: boolean;
  /** See `SubjectKind.state`: what was published last; empty before. */
  said: string;
}

/** How often they are looked at: alerts on them are this late at most. */
export const lookedAtEveryMs = 5_000;

/** What jobs and instances need of the models that they belong to. */
export interface SubjectDependencies {
  watch(model: string): SubjectWatch;
  publisher(model: string): Publisher;
}

const noRules: ReadonlySet<string> = new Set();

/** The jobs, or the instances, of all models of a partition: bounded in number, looked at every 5 seconds. */
export class Subjects<S extends SubjectName = SubjectName, Rec = unknown, Report = unknown, Estimates = unknown> {
  /** By model and name. */
  private readonly held: KeyedState<Held<Rec>>;
  /** The keys of each model. */
  private readonly ofModel = new Map<string, Set<string>>();
  private readonly estimates = new Map<string, Estimates>();
  private readonly metrics: readonly SubjectMetric[];

  constructor(
    private readonly kind: SubjectKind<S, Rec, Report, Estimates>,
    entries: ReadonlyMap<string, Uint8Array>,
  ) {
    this.metrics = subjectMetrics.filter(({ subject }) => subject === kind.name);
    this.held = new KeyedState(`${kind.name}/`, jsonEntry<Held<Rec>>(kind.format), entries);
    for (const key of this.held.keys()) this.count(key);
  }

  /**
   * Takes a report of one. A report so old that it would have been forgotten since is dropped. Where there are too many,
   * others make room for it, or it is counted with all that are too many.
   */
  observe(model: string, report: Report, timeMs: number, tickMs: number, dependencies: SubjectDependencies): void {
    const named = joinedKey(model, this.kind.nameOf(report));
    const key = this.isOneTooMany(model, named) ? joinedKey(model, otherSubjects) : named;
    const known = this.held.get(key);
    if (known === undefined) {
      if (this.kind.forgottenAtMs(this.kind.begin(timeMs)) <= tickMs) return;
      if (this.kind.beyondMost === undefined) this.makeRoom(model, tickMs, dependencies);
    }
    const held = this.held.change(key, () => ({
      ...{ record: this.kind.begin(timeMs), unpublished: true, said: '' },
      ...noAlerts(),
    }));
    if (known === undefined) this.count(key);
    this.kind.observe(held.record, report, timeMs);
    held.unpublished = true;
    this.estimates.delete(key);
  }

  /** Every 5 seconds: steps the alerts of all of them, publishes what is new, forgets the old. */
  tick(beforeMs: number, tickMs: number, dependencies: SubjectDependencies): void {
    if (Math.floor(beforeMs / lookedAtEveryMs) === Math.floor(tickMs / lookedAtEveryMs)) return;
    for (const key of this.held.keys()) {
      const held = this.held.get(key);
      if (held !== undefined) this.look(key, held, tickMs, dependencies);
    }
  }

  /** Nobody looked for so long: see `pauseAlert`. */
  pause(gapMs: number, watch: (model: string) => SubjectWatch): void {
    this.changeAlerts((model, held) => pauseHeld(held.alerts, watch(model).rules, gapMs));
  }

  /** How those models are watched whose jobs or instances have alerts. */
  watches(watch: (model: string) => SubjectWatch): ReadonlyMap<string, SubjectWatch> {
    const watches = new Map<string, SubjectWatch>();
    this.changeAlerts((model) => {
      watches.set(model, watch(model));
      return false;
    });
    return watches;
  }

  /** Alerts follow the rules that are in force from now on. */
  follow(before: ReadonlyMap<string, SubjectWatch>, watch: (model: string) => SubjectWatch): void {
    this.changeAlerts((model, held) => {
      followRules(held, before.get(model)?.rules ?? [], watch(model).rules);
      return true;
    });
  }

  /** @param change of the alerts on one; says whether anything has changed */
  private changeAlerts(change: (model: string, held: SubjectAlerts) => boolean): void {
    for (const [key, held] of this.held.entries()) {
      if (!isEmpty(held.alerts) && change(partsOfKey(key)[0] ?? '', held)) this.held.set(key, held);
    }
  }

  takeChanges(into: Map<string, Uint8Array | null>): void {
    this.held.takeChanges(into);
  }

  private look(key: string, held: Held<Rec>, tickMs: number, dependencies: SubjectDependencies): void {
    const [model = '', name = ''] = partsOfKey(key);
    const { record } = held;
    if (this.kind.forgottenAtMs(record) <= tickMs) return this.forget(key, held, tickMs, dependencies);
    const state = this.kind.state(record, tickMs);
    const isOver = name === otherSubjects || this.kind.isOver(record);
    if (isOver && !held.unpublished && held.said === state) return;
    const watch = dependencies.watch(model);
    const publisher = dependencies.publisher(model);
    const of = { held, wire: this.kind.wire, name, publisher, declared: watch.declared };
    const estimates = this.estimatesOf(key, record);
    const figures = this.kind.figures(record, estimates, tickMs);
    const changed = isOver
      ? endSubjectAlerts(of, 'ended', noRules, tickMs)
      : stepSubjectAlerts(of, this.kind.name, watch, figures, tickMs);
    const isNew = held.unpublished || held.said !== state;
    if (isNew) {
      const shown = this.metrics.map((metric) =>
        figureOf(metric, measureSubject<S>(metric, figures, shownWindowMs[this.kind.name])),
      );
      const view = { name, estimates, state, figures: shown, undeclared: !watch.declared };
      publisher.snapshot(tickMs, this.kind.snapshot(record, view));
      held.unpublished = false;
      held.said = state;
    }
    if (changed || isNew) this.held.set(key, held);
  }

  private estimatesOf(key: string, record: Rec): Estimates {
    let estimates = this.estimates.get(key);
    if (estimates === undefined) {
      estimates = this.kind.estimates(record);
      this.estimates.set(key, estimates);
    }
    return estimates;
  }

  /** Of one more than are told apart, where none makes room for it. */
  private isOneTooMany(model: string, key: string): boolean {
    if (this.kind.beyondMost === undefined || this.held.has(key)) return false;
    const keys = this.ofModel.get(model);
    if (keys === undefined) return false;
    return keys.size - (keys.has(joinedKey(model, otherSubjects)) ? 1 : 0) >= this.kind.most;
  }

  /** When there are too many, the tenth that would be forgotten soonest goes; of equals the first by name. */
  private makeRoom(model: string, tickMs: number, dependencies: SubjectDependencies): void {
    const keys = this.ofModel.get(model);
    if (keys === undefined || keys.size < this.kind.most) return;
    const ranked = [...keys].map((key) => {
      const held = this.held.get(key)!;
      return { key, held, atMs: this.kind.forgottenAtMs(held.record) };
    });
    ranked.sort((a, b) => a.atMs - b.atMs || (a.key < b.key ? -1 : 1));
    for (const { key, held } of ranked.slice(0, this.kind.most / 10)) this.forget(key, held, tickMs, dependencies);
  }

  private count(key: string): void {
    const [model = ''] = partsOfKey(key);
    const keys = this.ofModel.get(model);
    if (keys) keys.add(key);
    else this.ofModel.set(model, new Set([key]));
  }

  /** Keeps one no longer: ends its alerts, and publishes that it is forgotten. */
  private forget(key: string, held: Held<Rec>, tickMs: number, { watch, publisher }: SubjectDependencies): void {
    const [model = '', name = ''] = partsOfKey(key);
    this.held.delete(key);
    this.estimates.delete(key);
    const keys = this.ofModel.get(model);
    keys?.delete(key);
    if (keys?.size === 0) this.ofModel.delete(model);
    const of = { held, wire: this.kind.wire, name, publisher: publisher(model), declared: watch(model).declared };
    endSubjectAlerts(of, 'ended', noRules, tickMs);
    if (held.said !== '') of.publisher.snapshot(tickMs, this.kind.forgotten(name));
  }
}

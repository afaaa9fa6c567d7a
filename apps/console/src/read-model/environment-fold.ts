import { topicName, topics } from '@moola/contracts/topics';
import type { IncidentEvent } from '@moola/contracts/gen/moola/v1/incidents_pb';
import type { Topic } from '@moola/contracts/topic';
import type { EventLog } from '@moola/streams/ports/event-log';
import { CommandAnswers } from '../commands/command-answers.js';
import { AlertQuality } from './alert-quality.js';
import type { CalendarView, ChangeView, EnvironmentView, ReplayView } from './environment-views.js';
import { follow } from './follow.js';
import type { Signal } from '@moola/contracts/gen/moola/v1/signals_pb';
import { IncidentFold } from './incident-fold.js';
import { InfrastructureFold } from './infrastructure-fold.js';
import { ModelFold } from './model-fold.js';

interface FollowedPartition {
  readonly key: string;
  run(signal: AbortSignal): Promise<void>;
}

/** The read side of one environment: a fold of its fact topics, rebuilt at each start. */
export class EnvironmentFold {
  readonly models = new Map<string, ModelFold>();
  readonly incidents = new Map<string, IncidentFold>();
  readonly answers = new CommandAnswers();
  readonly quality = new AlertQuality();
  readonly infrastructure = new InfrastructureFold();
  /** Why it cannot read on at the moment; `null` when it can. Set by whoever knows the log. */
  stale: () => string | null = () => null;
  /** Set by whoever runs a replay here. */
  replay: () => ReplayView | null = () => null;
  /** Set by whoever runs a replay here. */
  calendar: CalendarView | null = null;
  clockMs: number | null = null;
  private readonly behind = new Map<string, number>();
  /** Partitions of which all that was there at the start has not been taken in yet; `null` before they are known. */
  private unread: Set<string> | null = null;
  private readonly changedModels = new Set<string>();
  private readonly changedIncidents = new Set<string>();

  constructor(readonly environment: string) {}

  /** Follows the topics until the signal aborts; rejects when it can no longer. */
  async run(log: EventLog, signal: AbortSignal): Promise<void> {
    const partitions = [
      ...(await this.partitions(log, topics.snapshots, (snapshot) =>
        this.model(snapshot.model).takeSnapshot(snapshot),
      )),
      ...(await this.partitions(log, topics.kpis, (kpi) => this.model(kpi.model).takeKpi(kpi))),
      ...(await this.partitions(log, topics.signals, (signal) => this.takeSignal(signal))),
      ...(await this.partitions(log, topics.incidents, (event) => this.takeIncidentEvent(event))),
    ];
    this.unread = new Set(partitions.map(({ key }) => key));
    await Promise.all(partitions.map(({ run }) => run(signal)));
  }

  view(): EnvironmentView {
    return {
      environment: this.environment,
      clockMs: this.clockMs,
      behind: [...this.behind.values()].reduce((sum, records) => sum + records, 0),
      caughtUp: this.unread?.size === 0,
      stale: this.stale(),
      replay: this.replay(),
      models: this.listedModels().length,
      openIncidents: this.openIncidents(),
    };
  }

  /** The models that are shown, by name. */
  listedModels(): string[] {
    return [...this.models].flatMap(([name, fold]) => (fold.isGone ? [] : [name])).sort();
  }

  /** @param severity only those of it; all when left out */
  openIncidents(severity?: string): number {
    let count = 0;
    for (const fold of this.incidents.values()) {
      if (fold.isOpen && (severity === undefined || fold.severity === severity)) count++;
    }
    return count;
  }

  openIncidentsOf(model: string): string[] {
    return [...this.incidents].filter(([, fold]) => fold.model === model && fold.isOpen).map(([id]) => id);
  }

  /** What changed since the last call. */
  takeChange(): ChangeView | null {
    if (this.changedModels.size + this.changedIncidents.size === 0) return null;
    const change = {
      environment: this.environment,
      models: [...this.changedModels],
      incidents: [...this.changedIncidents],
    };
    this.changedModels.clear();
    this.changedIncidents.clear();
    return change;
  }

  /** The partitions of a topic, each to be followed. */
  private async partitions<T>(log: EventLog, topic: Topic<T>, data: (value: T) => void): Promise<FollowedPartition[]> {
    const name = topicName(this.environment, topic);
    const tick = (tickMs: number) => void (this.clockMs = Math.max(this.clockMs ?? tickMs, tickMs));
    return Array.from({ length: await log.partitionCount(name) }, (_, partition) => {
      const key = `${topic.name}/${partition}`;
      const progress = (behind: number) => {
        this.behind.set(key, behind);
        if (behind === 0) this.unread?.delete(key);
      };
      return { key, run: (signal) => follow(log, { topic: name, partition }, topic, { data, tick, progress }, signal) };
    });
  }

  private model(name: string): ModelFold {
    let fold = this.models.get(name);
    if (fold === undefined) {
      fold = new ModelFold(name);
      this.models.set(name, fold);
    }
    this.changedModels.add(name);
    return fold;
  }

  private takeSignal(signal: Signal): void {
    const { model, kind } = signal;
    if (kind.case === 'infrastructure') {
      // It is of a definition: a model that is gone does not come back by it.
      this.infrastructure.take(kind.value);
      if (this.models.has(model)) this.changedModels.add(model);
    } else if (model !== '') this.model(model).takeSignal(signal);
  }

  private takeIncidentEvent(event: IncidentEvent): void {
    this.answers.take(event);
    this.quality.take(event);
    if (event.incident === '') return;
    let fold = this.incidents.get(event.incident);
    if (fold === undefined) {
      fold = new IncidentFold(event);
      this.incidents.set(event.incident, fold);
    }
    fold.take(event);
    this.changedIncidents.add(event.incident);
    this.changedModels.add(event.model);
  }
}

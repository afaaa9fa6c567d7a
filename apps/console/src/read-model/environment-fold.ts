import { topicName, topics } from '@moola/contracts/topics';
import type { IncidentEvent } from '@moola/contracts/gen/moola/v1/incidents_pb';
import type { Topic } from '@moola/contracts/topic';
import type { EventLog } from '@moola/streams/event-log';
import { CommandAnswers } from '../commands/command-answers.js';
import { follow } from './follow.js';
import { IncidentFold } from './incident-fold.js';
import { ModelFold } from './model-fold.js';
import type { EnvironmentView, ModelView, ReplayView } from './views.js';

/** What changed since listeners were last told. */
export interface Change {
  readonly environment: string;
  readonly models: readonly string[];
  readonly incidents: readonly string[];
}

/** The read side of one environment: a fold of its fact topics, rebuilt at each start. */
export class EnvironmentFold {
  readonly models = new Map<string, ModelFold>();
  readonly incidents = new Map<string, IncidentFold>();
  readonly answers = new CommandAnswers();
  /** Set by whoever runs a replay here. */
  replay: () => ReplayView | null = () => null;
  clockMs: number | null = null;
  private readonly behind = new Map<string, number>();
  private readonly changedModels = new Set<string>();
  private readonly changedIncidents = new Set<string>();

  constructor(readonly environment: string) {}

  /** Follows the topics until the signal aborts; rejects when it can no longer. */
  async run(log: EventLog, signal: AbortSignal): Promise<void> {
    const all = async <T>(topic: Topic<T>, data: (value: T) => void): Promise<void> => {
      const name = topicName(this.environment, topic);
      const partitions = await log.partitionCount(name);
      await Promise.all(
        Array.from({ length: partitions }, (_, partition) => {
          const key = `${topic.name}/${partition}`;
          const progress = (behind: number) => void this.behind.set(key, behind);
          const tick = (tickMs: number) => void (this.clockMs = Math.max(this.clockMs ?? tickMs, tickMs));
          return follow(log, { topic: name, partition }, topic, { data, tick, progress }, signal);
        }),
      );
    };
    await Promise.all([
      all(topics.snapshots, (snapshot) => this.model(snapshot.model).takeSnapshot(snapshot)),
      all(topics.kpis, (kpi) => this.model(kpi.model).takeKpi(kpi)),
      all(topics.signals, (signal_) => {
        if (signal_.model !== '') this.model(signal_.model).takeSignal(signal_);
      }),
      all(topics.incidents, (event) => this.takeIncidentEvent(event)),
    ]);
  }

  view(): EnvironmentView {
    return {
      environment: this.environment,
      clockMs: this.clockMs,
      behind: [...this.behind.values()].reduce((sum, records) => sum + records, 0),
      replay: this.replay(),
      models: this.models.size,
      openIncidents: [...this.incidents.values()].filter(({ isOpen }) => isOpen).length,
    };
  }

  modelView(model: string): ModelView | null {
    const open = [...this.incidents].filter(([, fold]) => fold.model === model && fold.isOpen).map(([id]) => id);
    return this.models.get(model)?.view(open) ?? null;
  }

  /** What changed since the last call. */
  takeChange(): Change | null {
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

  private model(name: string): ModelFold {
    let fold = this.models.get(name);
    if (fold === undefined) {
      fold = new ModelFold(name);
      this.models.set(name, fold);
    }
    this.changedModels.add(name);
    return fold;
  }

  private takeIncidentEvent(event: IncidentEvent): void {
    this.answers.take(event);
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

import { joinedKey } from '@moola/contracts/joined-key';
import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { EventSchema, Role, type Event } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { partitionOf } from '@moola/contracts/partition-of';
import type { IntakeRow } from '@moola/contracts/rows';
import type { Topic } from '@moola/contracts/topic';
import { topicName, topics } from '@moola/contracts/topics';
import { encodeBatches, externalBatch, RowColumns } from '@moola/streams/processor/batch-codec';
import type { EventLog } from '@moola/streams/ports/event-log';
import type { Consequences } from './consequences.js';
import type { ReplayProgress, ReplayState, StepDeployment } from './replay-state.js';
import { roleOf, type ReplaySchedule, type ReplayStep } from './schedule.js';

/** Where the replay reads, and a release pipeline writes, which version serves. */
export interface AliasRegistry {
  get(): Promise<string | null>;
  set(version: string): Promise<void>;
}

export interface ReplayOptions {
  readonly environment: string;
  /** The model that the releases and the registry speak of. */
  readonly model: string;
  readonly schedule: ReplaySchedule;
  readonly registry: AliasRegistry | null;
  readonly partitions: number;
  /** Makes an event a row, as the doors do. */
  receive(event: Event, nowMs: number): IntakeRow;
  /** Called before each step; a slow replay waits in it. */
  beforeStep(step: number): Promise<void>;
}

const source = { processor: 'replayer', partition: 0, epoch: 0 };

/** Sends a log step by step, with time as records, and follows the registry's alias. See decision 2. */
export class Replayer {
  constructor(
    private readonly log: EventLog,
    private readonly progress: ReplayProgress,
    private readonly consequences: Consequences,
    private readonly options: ReplayOptions,
  ) {}

  /** Runs from where the last run stopped to the end. */
  async run(signal: AbortSignal): Promise<void> {
    const { steps } = this.options.schedule;
    const saved = await this.progress.load();
    let state = saved ?? { step: -1, serving: '', deployments: [], released: true, finished: false };
    // The saved step may have been cut short: it is sent again, and what is there already is dropped by position.
    if (state.step >= 0 && !state.finished) state = await this.play(state, signal);
    while (state.step + 1 < steps.length) {
      signal.throwIfAborted();
      await this.options.beforeStep(state.step + 1);
      const next = await this.begin(state);
      await this.progress.save(next);
      state = await this.play(next, signal);
    }
    if (!state.finished) await this.progress.save({ ...state, finished: true });
  }

  /** What the next step depends on: who serves now, and what has changed since the last step. */
  private async begin(before: ReplayState): Promise<ReplayState> {
    const step = before.step + 1;
    const startMs = this.startOf(step);
    const { releases } = this.options.schedule.steps[step] as ReplayStep;
    const deployments: StepDeployment[] = [];
    let serving = before.serving;
    const alias = (await this.options.registry?.get()) ?? null;
    if (alias !== null && alias !== serving) {
      const move = this.consequences.lastMove;
      const ours = move?.to === alias;
      deployments.push({
        version: alias,
        build: '',
        role: Role.PRIMARY,
        timeMs: startMs,
        by: ours ? 'responder' : 'registry',
        incident: ours ? move.incident : '',
      });
      serving = alias;
    }
    for (const release of releases) {
      deployments.push({ ...release, incident: '' });
      if (release.role === Role.PRIMARY) serving = release.version;
    }
    const released = !releases.some(({ role }) => role === Role.PRIMARY);
    return { step, serving, deployments, released, finished: false };
  }

  private async play(state: ReplayState, signal: AbortSignal): Promise<ReplayState> {
    let current = state;
    if (!current.released) {
      await this.options.registry?.set(current.serving);
      current = { ...current, released: true };
      await this.progress.save(current);
    }
    const tickMs = this.startOf(current.step + 1);
    await this.send(current, tickMs);
    await this.consequences.done(tickMs, signal);
    return current;
  }

  private startOf(step: number): number {
    return this.options.schedule.startMs + step * this.options.schedule.stepMs;
  }

  private async send(state: ReplayState, tickMs: number): Promise<void> {
    const { partitions, model } = this.options;
    const intake = Array.from({ length: partitions }, () => new RowColumns<IntakeRow>());
    const add = (event: Event, of: string): void => {
      const row = this.options.receive(event, tickMs);
      const target = intake[partitionOf(of, partitions)];
      if (target) target.addData(state.step, target.length, this.startOf(state.step), row);
    };
    for (const deployment of state.deployments) add(deploymentEvent(model, deployment), model);
    for (const event of (this.options.schedule.steps[state.step] as ReplayStep).events) {
      add(this.inRole(event, state.serving), event.kind.value?.model ?? '');
    }
    // At the same time: what is cut short is sent again.
    await Promise.all([
      ...intake.map((rows, partition) => {
        rows.addTick(state.step, rows.length, tickMs);
        return this.append(topics.intake, partition, rows);
      }),
      this.tick(topics.signals, tickMs),
      this.tick(topics.notifications, tickMs),
    ]);
  }

  /** Ticks need no position where rows are merged: the same one twice says nothing new. */
  private async tick<T>(topic: Topic<T>, tickMs: number): Promise<void> {
    const partitions = await this.log.partitionCount(this.name(topic));
    for (let partition = 0; partition < partitions; partition++) {
      await this.log.append({ topic: this.name(topic), partition }, externalBatch(topic, [{ kind: 'tick', tickMs }]));
    }
  }

  /** Of a model that follows a registry, the version that its alias names is primary and the others run in shadow. */
  private inRole(event: Event, serving: string): Event {
    if (event.kind.case !== 'prediction' || event.kind.value.model !== this.options.model || serving === '')
      return event;
    const role = roleOf(event.kind.value.version, serving);
    return { ...event, kind: { case: 'prediction', value: { ...event.kind.value, role } } };
  }

  private name(topic: { readonly name: string }): string {
    return topicName(this.options.environment, topic);
  }

  private async append<T>(topic: Topic<T>, partition: number, rows: RowColumns<T>): Promise<void> {
    await this.log.append({ topic: this.name(topic), partition }, encodeBatches(source, rows, topic.codec));
  }
}

function deploymentEvent(model: string, deployment: StepDeployment): Event {
  const { version, build, role, timeMs, by, incident } = deployment;
  return create(EventSchema, {
    id: joinedKey(model, version, build, role, timeMs),
    source: 'replay',
    kind: { case: 'deployment', value: { model, version, build, role, time: timestampFromMs(timeMs), by, incident } },
  });
}

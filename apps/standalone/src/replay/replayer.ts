import { Role, type Event } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { partitionOf } from '@moola/contracts/partition-of';
import { modelOf } from '@moola/contracts/plain-outcome';
import type { IntakeRow } from '@moola/contracts/rows';
import type { Topic } from '@moola/contracts/topic';
import { topicName, topics } from '@moola/contracts/topics';
import { encodeBatches, externalBatch, RowColumns } from '@moola/streams/processor/batch-codec';
import type { EventLog } from '@moola/streams/ports/event-log';
import type { Consequences } from './consequences.js';
import type { ReplayProgress, ReplayState, StepDeployment } from './replay-state.js';
import { deploymentEvent } from './sent-rows.js';
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
  /**
   * At most so many steps, or a step that brings the rows to so many, are sent together. More than one step only without a
   * registry: what a step causes must not change what the next one sends.
   */
  readonly atOnce: { readonly steps: number; readonly rows: number };
  /** Makes what the replayer tells itself a row, as the doors do. */
  receive(event: Event, nowMs: number): IntakeRow;
  /**
   * Gives a row of the log what it gets when it is sent: its id, and other words for identifiers.
   * @param role in which a prediction was made; `null`: as the log says
   */
  complete(row: IntakeRow, role: Role | null): IntakeRow;
  /** Called before each step; a slow replay waits in it. */
  beforeStep(step: number): Promise<void>;
  /** Called when all that the steps sent so far cause is done. @param sent since the last call */
  afterSteps(sent: { readonly steps: number; readonly rows: number }): Promise<void>;
}

const source = { processor: 'replayer', partition: 0, epoch: 0 };

/** A step, and what it depends on. */
interface BegunStep {
  readonly state: ReplayState;
  readonly step: ReplayStep;
}

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
    const { schedule } = this.options;
    const saved = await this.progress.load();
    let state = saved ?? { step: -1, serving: '', deployments: [], released: true, finished: false };
    // The saved step may have been cut short: it is sent again, and what is there already is dropped by position.
    const isCutShort = state.step >= 0 && !state.finished;
    const steps = schedule.stepsFrom(isCutShort ? state.step : state.step + 1);
    if (isCutShort) state = await this.play([{ state, step: steps.next().value as ReplayStep }], signal);
    while (state.step + 1 < schedule.length) {
      const begun = await this.beginSteps(steps, state, signal);
      state = await this.play(begun, signal);
      const rows = begun.reduce((sum, { step }) => sum + step.rows.length, 0);
      await this.options.afterSteps({ steps: begun.length, rows });
    }
    if (!state.finished) await this.progress.save({ ...state, finished: true });
  }

  /** The steps that are sent next. */
  private async beginSteps(
    steps: IterableIterator<ReplayStep>,
    before: ReplayState,
    signal: AbortSignal,
  ): Promise<readonly BegunStep[]> {
    const { atOnce, schedule, beforeStep } = this.options;
    const begun: BegunStep[] = [];
    let rows = 0;
    for (let last = before; ;) {
      signal.throwIfAborted();
      await beforeStep(last.step + 1);
      const step = steps.next().value as ReplayStep;
      last = await this.begin(last, step);
      begun.push({ state: last, step });
      await this.progress.save(last);
      rows += step.rows.length;
      const isEnough = begun.length >= atOnce.steps || rows >= atOnce.rows;
      if (isEnough || last.step + 1 === schedule.length) return begun;
    }
  }

  /** What the next step depends on: who serves now, and what has changed since the last step. */
  private async begin(before: ReplayState, { releases }: ReplayStep): Promise<ReplayState> {
    const step = before.step + 1;
    const startMs = this.startOf(step);
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

  private async play(begun: readonly BegunStep[], signal: AbortSignal): Promise<ReplayState> {
    let current = (begun.at(-1) as BegunStep).state;
    if (!current.released) {
      await this.options.registry?.set(current.serving);
      current = { ...current, released: true };
      await this.progress.save(current);
    }
    const [first = 0, ...later] = begun.map(({ state }) => this.startOf(state.step + 1));
    let tickMs = first;
    // At the same time: what is cut short is sent again.
    await Promise.all([this.send(begun), this.tick(topics.signals, tickMs), this.tick(topics.notifications, tickMs)]);
    // What was asked for at a tick has its results before the next.
    for (const next of later) {
      await this.consequences.answered(tickMs, signal);
      tickMs = next;
      await Promise.all([this.tick(topics.signals, tickMs), this.tick(topics.notifications, tickMs)]);
    }
    await this.consequences.done(tickMs, signal);
    return current;
  }

  private startOf(step: number): number {
    return this.options.schedule.startMs + step * this.options.schedule.stepMs;
  }

  private async send(begun: readonly BegunStep[]): Promise<void> {
    const { partitions } = this.options;
    const intake = Array.from({ length: partitions }, () => new RowColumns<IntakeRow>());
    for (const each of begun) this.addStep(each, intake);
    await Promise.all(intake.map((rows, partition) => this.append(topics.intake, partition, rows)));
  }

  private addStep({ state, step }: BegunStep, intake: readonly RowColumns<IntakeRow>[]): void {
    const { partitions, model, receive, complete } = this.options;
    const tickMs = this.startOf(state.step + 1);
    const first = intake.map(({ length }) => length);
    const ordinal = (partition: number) => (intake[partition]?.length ?? 0) - (first[partition] ?? 0);
    const add = (row: IntakeRow, of: string): void => {
      const partition = partitionOf(of, partitions);
      intake[partition]?.addData(state.step, ordinal(partition), this.startOf(state.step), row);
    };
    for (const deployment of state.deployments) add(receive(deploymentEvent(model, deployment), tickMs), model);
    for (const row of step.rows) {
      add(complete(row, this.roleOf(row, state.serving)), modelOf(row));
    }
    intake.forEach((rows, partition) => rows.addTick(state.step, ordinal(partition), tickMs));
  }

  /** Ticks need no position where rows are merged: the same one twice says nothing new. */
  private async tick<T>(topic: Topic<T>, tickMs: number): Promise<void> {
    const partitions = await this.log.partitionCount(this.name(topic));
    for (let partition = 0; partition < partitions; partition++) {
      await this.log.append({ topic: this.name(topic), partition }, externalBatch(topic, [{ kind: 'tick', tickMs }]));
    }
  }

  /** Of a model that follows a registry, the version that its alias names is primary and the others run in shadow. */
  private roleOf(row: IntakeRow, serving: string): Role | null {
    const isFollowed = row.kind === 'prediction' && row.model === this.options.model && serving !== '';
    return isFollowed ? roleOf(row.version, serving) : null;
  }

  private name(topic: { readonly name: string }): string {
    return topicName(this.options.environment, topic);
  }

  private async append<T>(topic: Topic<T>, partition: number, rows: RowColumns<T>): Promise<void> {
    await this.log.append({ topic: this.name(topic), partition }, encodeBatches(source, rows, topic.codec));
  }
}

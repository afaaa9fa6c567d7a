import { joinedKey, partsOfKey } from '@moola/contracts/joined-key';
import { ownCopy } from '@moola/contracts/own-copy';
import { topics } from '@moola/contracts/topics';
import { timestampMs } from '@bufbuild/protobuf/wkt';
import type { Definition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import type { Event } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { LabelledRow, ObservationRow, PredictionRow } from '@moola/contracts/rows';
import { jsonEntry, KeyedState } from '@moola/streams/processor/keyed-state';
import { PoisonError, type Emitter, type StreamRow, type TaskState } from '@moola/streams/processor/processor';
import { PackedReader, UnpackableNumberError } from '@moola/windows/packed-numbers';
import { uncountable } from './countable.js';
import { evaluate, isQuiet } from './evaluation.js';
import { Definitions, type Concerned } from './models/definitions.js';
import { DueQueue } from './models/due-queue.js';
import { bucketPrefix, modelPrefix, segmentBucketPrefix, segmentPrefix, versionPrefix } from './entries/keys.js';
import { decodeModel, encodeModel } from './entries/model-entry.js';
import { readVersion } from './entries/version-entry.js';
import { ModelState, undeclaredTask } from './models/model-state.js';
import type { SubjectKind } from './subjects/subject-kind.js';
import { subjectKinds } from './subjects/subject-kinds.js';
import { Subjects, type SubjectDependencies } from './subjects/subjects.js';
import { NameOrder } from './models/name-order.js';
import { PublicationTurns } from './models/publication-turns.js';
import {
  deployedAtMs,
  observeDeployment,
  observeLabel,
  observePrediction,
  observeRefusal,
  observeUnmatched,
} from './observations.js';
import { countOutcome, noGroup, type OutcomeGroup } from './outcome-groups.js';
import { WindowStore } from './windows/window-store.js';
import { Publisher, signalsPartition, type Published } from './snapshots/publisher.js';
import { pauseAlerts } from './rules/evaluate-rules.js';
import { defaultLongestGapMs } from '@moola/rules/longest-gap';

interface TaskRecord {
  /** The largest tick so far. */
  readonly tickMs: number;
  readonly outcome: OutcomeGroup;
  /** How far apart ticks usually are; absent in checkpoints of earlier releases. */
  readonly stepMs?: number;
}

/** What the tracker knows of the models of one partition. */
export class TrackerState implements TaskState<ObservationRow> {
  private readonly task: KeyedState<TaskRecord>;
  private readonly definitions: Definitions;
  private readonly windows = new WindowStore();
  private readonly models = new Map<string, ModelState>();
  private readonly order = new NameOrder<ModelState>();
  private readonly due = new DueQueue();
  private readonly turns = new PublicationTurns();
  /** By the kind of events that tell of them. */
  private readonly subjects: ReadonlyMap<string, Subjects>;
  /** Models to which something happened since the last tick. */
  private changed: ModelState[] = [];
  private unsaved: ModelState[] = [];
  /** Changes to entries that no ring holds any more. */
  private removed = new Map<string, Uint8Array | null>();
  private tickMs = 0;
  private stepMs = 0;
  private outcome = noGroup;

  /** @param life of its task, see `TaskContext` */
  constructor(
    entries: ReadonlyMap<string, Uint8Array>,
    windowsMs: readonly number[],
    private readonly life: number,
    private readonly published: Published = 'everything',
  ) {
    this.task = new KeyedState('task/', jsonEntry(1), entries);
    this.definitions = new Definitions(entries, windowsMs);
    this.subjects = new Map(
      Object.entries<SubjectKind>(subjectKinds).map(([event, kind]) => [event, new Subjects(kind, entries)]),
    );
    this.restore(entries);
  }

  apply(row: StreamRow<ObservationRow>, emitter: Emitter): void {
    switch (row.kind) {
      case 'data':
        this.observe(row.value, emitter);
        return;
      case 'tick':
        this.tick(row.tickMs, emitter);
        emitter.forward(topics.snapshots, 'same');
        emitter.forward(topics.signals, signalsPartition);
        return;
      case 'definition':
        this.define(row.definition);
        emitter.forward(topics.snapshots, 'same');
        return;
    }
  }

  takeChanges(): Map<string, Uint8Array | null> {
    try {
      return this.packChanges();
    } catch (error) {
      if (error instanceof UnpackableNumberError) throw new PoisonError(error.message);
      throw error;
    }
  }

  private packChanges(): Map<string, Uint8Array | null> {
    const changes = this.removed;
    this.removed = new Map();
    for (const model of this.unsaved) {
      model.unsaved = false;
      changes.set(modelPrefix + joinedKey(model.name), encodeModel(model.record));
      for (const version of model.versionsByName()) {
        if (!version.unsaved) continue;
        version.unsaved = false;
        version.takeChanges(changes);
      }
    }
    this.unsaved = [];
    this.task.set('record', { tickMs: this.tickMs, outcome: this.outcome, stepMs: this.stepMs });
    this.task.takeChanges(changes);
    this.definitions.takeChanges(changes);
    for (const subjects of this.subjects.values()) subjects.takeChanges(changes);
    return changes;
  }

  private observe(row: ObservationRow, emitter: Emitter): void {
    switch (row.kind) {
      case 'prediction': {
        const reason = uncountable(row);
        if (reason !== null) throw new PoisonError(reason);
        const model = this.model(row.model);
        if (isFirstNumber(model, row)) {
          model.record.answersNumbers = true;
          this.rewatch(model);
        }
        observePrediction(model, row, this.tickMs);
        this.touch(model);
        return;
      }
      case 'labelled':
        this.observeLabel(row);
        return;
      case 'event':
        this.observeEvent(row.event, emitter);
        return;
      case 'refusal': {
        const model = this.model(row.refusal.model);
        observeRefusal(model, row.refusal);
        this.touch(model);
        return;
      }
    }
  }

  private observeLabel(row: LabelledRow): void {
    const model = this.model(row.model);
    const { state, change } = countOutcome(this.outcome, row.group, row.freshness === 'new');
    this.outcome = state;
    if (change !== 0) {
      model.record.counts.outcomes += change;
      model.record.countsChanged = true;
    }
    observeLabel(model, row, this.tickMs);
    this.touch(model);
  }

  private observeEvent({ kind }: Event, emitter: Emitter): void {
    const { tickMs } = this;
    switch (kind.case) {
      case 'outcome': {
        const model = this.model(kind.value.model);
        observeUnmatched(model);
        this.touch(model);
        return;
      }
      case 'deployment': {
        const model = this.model(kind.value.model);
        const atMs = deployedAtMs(kind.value, tickMs);
        observeDeployment(model, kind.value, atMs);
        this.publisher(model.name, emitter).share(atMs, kind);
        this.touch(model);
        return;
      }
      case 'prediction':
      case undefined:
        return;
      default: {
        const { model, time } = kind.value;
        const timeMs = time ? timestampMs(time) : tickMs;
        this.subjects.get(kind.case)?.observe(model, kind.value, timeMs, tickMs, this.dependencies(emitter));
      }
    }
  }

  private tick(tickMs: number, emitter: Emitter): void {
    const beforeMs = this.tickMs;
    const elapsedMs = Math.max(0, tickMs - beforeMs);
    this.takeStep(elapsedMs);
    this.tickMs += elapsedMs;
    const concerned = this.order.sorted(this.concerned());
    this.turns.add(concerned, this.tickMs);
    const turns = new Set(this.turns.take(elapsedMs));
    const evaluated = new Set(turns);
    for (const model of concerned) if (!isQuiet(model)) evaluated.add(model);
    for (const model of this.order.sorted(evaluated)) {
      evaluate(model, this.tickMs, turns.has(model), this.publisher(model.name, emitter));
      this.due.set(model.name, model.record.dueMs ?? Infinity);
      this.save(model);
    }
    for (const subjects of this.subjects.values()) subjects.tick(beforeMs, this.tickMs, this.dependencies(emitter));
  }

  /**
   * After a step much longer than they usually are nobody has looked for a while: the process was down. A replay whose steps
   * are all that long has no gaps.
   */
  private takeStep(elapsedMs: number): void {
    if (elapsedMs === 0) return;
    const isGap = this.stepMs > 0 && elapsedMs > 2 * this.stepMs;
    if (isGap) {
      for (const model of this.order.sorted(new Set(this.models.values()))) {
        if (pauseAlerts(model, elapsedMs)) this.save(model);
      }
      for (const subjects of this.subjects.values()) subjects.pause(elapsedMs, this.watchSubjects);
    }
    if (!isGap || elapsedMs <= defaultLongestGapMs) this.stepMs = elapsedMs;
  }

  /** The models to which something happened, or for which something is due. */
  private concerned(): Set<ModelState> {
    const models = new Set(this.changed);
    this.changed = [];
    for (const name of this.due.take(this.tickMs)) models.add(this.model(name));
    for (const model of models) {
      model.record.changed = false;
      this.save(model);
    }
    return models;
  }

  private publisher(model: string, emitter: Emitter): Publisher {
    return new Publisher(emitter, model, this.life, this.published);
  }

  private readonly watchSubjects = (model: string) => this.definitions.watchSubjects(model);

  /** What jobs and instances need of the models that they belong to. */
  private dependencies(emitter: Emitter): SubjectDependencies {
    return {
      watch: this.watchSubjects,
      publisher: (model) => this.publisher(model, emitter),
    };
  }

  private define(definition: Definition): void {
    const all = [...this.subjects.values()];
    const before = all.map((subjects) => subjects.watches(this.watchSubjects));
    this.watch(this.definitions.put(definition));
    all.forEach((subjects, i) => subjects.follow(before[i]!, this.watchSubjects));
  }

  /** Puts a definition in force for the models that it concerns. */
  private watch(concerned: Concerned): void {
    const names = concerned.models === 'all' ? [...this.models.keys()] : concerned.models;
    for (const name of names) {
      const model = this.models.get(name);
      if (!model) continue;
      this.rewatch(model);
      this.touch(model);
    }
  }

  private rewatch(model: ModelState): void {
    model.watch(this.definitions.watch(model.name, undeclaredTask(model.record)), this.tickMs, this.removed);
  }

  private model(name: string): ModelState {
    let model = this.models.get(name);
    if (model === undefined) {
      model = ModelState.begin(ownCopy(name), this.windows, this.definitions.watch(name, 'binary'), this.tickMs);
      this.add(model);
    }
    return model;
  }

  private add(model: ModelState): void {
    this.models.set(model.name, model);
    this.order.add(model);
  }

  private touch(model: ModelState): void {
    if (!model.record.changed) {
      model.record.changed = true;
      this.changed.push(model);
    }
    if (!model.unsaved) this.save(model);
  }

  private save(model: ModelState): void {
    if (model.unsaved) return;
    model.unsaved = true;
    this.unsaved.push(model);
  }

  private restore(entries: ReadonlyMap<string, Uint8Array>): void {
    const task = this.task.get('record');
    if (task !== undefined) [this.tickMs, this.outcome, this.stepMs] = [task.tickMs, task.outcome, task.stepMs ?? 0];
    const keys = [...entries.keys()];
    const within = (prefix: string): string[] => keys.filter((key) => key.startsWith(prefix));
    for (const key of within(modelPrefix)) {
      const record = decodeModel(key, entries.get(key) as Uint8Array);
      const [name = ''] = partsOfKey(key.slice(modelPrefix.length));
      const watched = this.definitions.watch(name, undeclaredTask(record));
      const model = new ModelState(name, this.windows, watched, record);
      this.add(model);
      this.due.set(name, record.dueMs ?? Infinity);
      if (record.changed) this.changed.push(model);
    }
    this.turns.restore(this.order.sorted(new Set(this.models.values())));
    for (const key of within(versionPrefix)) {
      const reader = new PackedReader(entries.get(key) as Uint8Array);
      const [model = '', version = ''] = partsOfKey(key.slice(versionPrefix.length));
      this.model(model).restoreVersion(version, readVersion(key, reader)).restoreNewest(reader);
    }
    for (const key of within(bucketPrefix)) {
      const [model = '', version = '', ...path] = partsOfKey(key.slice(bucketPrefix.length));
      // A tier that no window needs any more: settings have changed.
      if (
        !this.model(model)
          .version(version)
          .restoreEntry(path, entries.get(key) as Uint8Array)
      ) {
        this.removed.set(key, null);
      }
    }
    for (const key of within(segmentPrefix)) {
      const [model = '', version = '', number] = partsOfKey(key.slice(segmentPrefix.length));
      const { segments } = this.model(model).version(version);
      segments.restoreNewest(Number(number), key, new PackedReader(entries.get(key) as Uint8Array));
    }
    for (const key of within(segmentBucketPrefix)) {
      const [model = '', version = '', number, ...path] = partsOfKey(key.slice(segmentBucketPrefix.length));
      const { segments } = this.model(model).version(version);
      if (!segments.restoreEntry(Number(number), path, entries.get(key) as Uint8Array)) this.removed.set(key, null);
    }
    for (const model of this.models.values()) {
      for (const version of model.versionsByName()) version.restored(model.record.evaluatedMs ?? this.tickMs);
    }
  }
}

/** Whether an answer shows that a model which nobody declared is a regression: a number, before any label told otherwise. */
function isFirstNumber({ watched, record }: ModelState, { class: answer, value }: PredictionRow): boolean {
  if (watched.declared || record.answersNumbers || record.counts.labelled > 0) return false;
  return answer === '' && !Number.isNaN(value);
}

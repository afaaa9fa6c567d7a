import { create } from '@bufbuild/protobuf';
import { kindOf } from '@moola/contracts/definitions/in-force';
import { RefusalReason, RefusalSchema } from '@moola/contracts/gen/moola/v1/rows_pb';
import { Role, type Deployment, type Event, type Outcome } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { plainOutcomeOf } from '@moola/contracts/event-codec';
import { modelOf, type PlainOutcome } from '@moola/contracts/plain-outcome';
import type { EventRow, IntakeRow, ObservationRow, PredictionRow } from '@moola/contracts/rows';
import { isWithin, numberLimits } from '@moola/contracts/telemetry-numbers';
import { topics } from '@moola/contracts/topics';
import { jsonEntry, KeyedState } from '@moola/streams/processor/keyed-state';
import type { Emitter, StreamRow, TaskContext, TaskState } from '@moola/streams/processor/processor';
import { millisOf } from '../../receive/domain/instants.js';
import { predictionRow } from '../../receive/domain/prediction-row.js';
import { ChunkedRows } from './chunked-rows.js';
import { chunkWidthMs, eventHorizonMs, Horizons } from './horizons.js';
import { Inputs, type HeldOutcome, type HeldPrediction } from './inputs.js';
import { mapText, numbersOf, segmentsOf } from './map-text.js';
import { hashText, type KeyHash } from './key-hash.js';
import { isKind } from './page.js';
import type { JoinSettings } from './join-settings.js';
import { Serving } from './serving.js';
import { ToldRefusals } from './told-refusals.js';
import { tooLateText } from './too-late-text.js';
import { UndeclaredModels } from './undeclared-models.js';

/** Who takes events from producers that hear no answer. */
const foreignIngestion = 'collector/receive';

const eventSeed: KeyHash = Uint32Array.of(2, 0, 0, 0);

/** Whom a refusal names. */
interface Refused {
  readonly model: string;
  readonly id: string;
  readonly source: string;
  readonly timeMs: number;
}

/** Whom an outcome labels, and why now. */
interface Labelling {
  readonly model: string;
  readonly input: string;
  /** It is the prediction of this version that has come now: those of others were labelled before. */
  readonly newVersion: string | null;
  /** What seemed to be true, and has turned out to be another. */
  readonly previous: Truth | null;
}

/** What an outcome says. */
type ToldOutcome = Pick<PlainOutcome, 'id' | 'source' | 'model' | 'input' | 'knownMs' | 'truth' | 'value' | 'revision'>;

type OtherEvent = Exclude<Event['kind'], { case: 'prediction' | 'outcome' | undefined }>;

/** State of `collector/join`: what has been seen, as long as it could come again or be joined. */
export class Join implements TaskState<IntakeRow> {
  private readonly rows: ChunkedRows;
  private readonly horizons: Horizons;
  private readonly inputs: Inputs;
  private readonly serving: Serving;
  private readonly counters: KeyedState<number>;
  private readonly undeclared: UndeclaredModels;
  private readonly told: ToldRefusals;
  private readonly mostUndeclaredModels: number;
  private nowMs = 0;

  constructor(
    entries: ReadonlyMap<string, Uint8Array>,
    context: TaskContext,
    { mostUndeclaredModels, letter }: JoinSettings,
  ) {
    this.rows = new ChunkedRows(entries);
    this.horizons = new Horizons(entries);
    this.inputs = new Inputs(this.rows, this.horizons);
    this.horizons.seenBefore(this.rows.models());
    this.serving = new Serving(entries);
    this.counters = new KeyedState('counter/', jsonEntry<number>(1), entries);
    this.undeclared = new UndeclaredModels(entries, this.horizons, mostUndeclaredModels);
    this.mostUndeclaredModels = mostUndeclaredModels;
    this.told = new ToldRefusals(entries, letter, context);
  }

  /** What happened of a model before this instant would be refused now. */
  heldFromMs(model: string): number {
    return this.horizons.heldFromMs(model, this.horizons.of(model), this.nowMs);
  }

  apply(row: StreamRow<IntakeRow>, emitter: Emitter): void {
    this.nowMs = row.tickMs;
    switch (row.kind) {
      case 'tick':
        this.expire(row.tickMs, emitter);
        this.told.tick(row.tickMs, emitter);
        break;
      case 'definition':
        if (kindOf(row.definition) === 'model') this.undeclared.define(row.definition.name);
        this.horizons.define(row.definition, row.tickMs);
        break;
      case 'data':
        // HTTP counts for itself, and has answered.
        if (row.source.processor === foreignIngestion && this.isOneTooMany(row.value, row.tickMs, emitter)) return;
        if (row.value.kind === 'prediction') this.applyPrediction(row.value, row.tickMs, emitter);
        else this.applyEvent(row.value, row.tickMs, emitter);
        return;
    }
    emitter.forward(topics.observations, 'same');
  }

  takeChanges(): Map<string, Uint8Array | null> {
    const changes = new Map<string, Uint8Array | null>();
    this.rows.takeChanges(changes);
    this.horizons.takeChanges(changes);
    this.serving.takeChanges(changes);
    this.counters.takeChanges(changes);
    this.undeclared.takeChanges(changes);
    this.told.takeChanges(changes);
    return changes;
  }

  /** Of one undeclared model too many: nothing is kept or sent on of its events but their number. */
  private isOneTooMany(row: IntakeRow, nowMs: number, emitter: Emitter): boolean {
    const model = modelOf(row);
    if (this.undeclared.admits(model)) return false;
    const { id, source } = row.kind === 'prediction' ? row : row.event;
    const detail =
      `"${model}" is a model that nobody declared, and ${this.mostUndeclaredModels} of those send events already in its partition ` +
      '(MOOLA_MAXIMUM_UNDECLARED_MODELS): declare it (moola apply), and put no ids into the names of models';
    const refused = { reason: 'too-many-models', field: 'model', detail } as const;
    this.told.add('too-many-models', { refused, model, id, source }, nowMs, emitter);
    return true;
  }

  /** Tells of what is too late, and of the setting that would have kept it: the counts say only how many. */
  private tellOfLate(field: string, { model, id, source, timeMs }: Refused, fromMs: number, emitter: Emitter): void {
    const refused = { reason: 'time-out-of-range', field, detail: tooLateText(model, timeMs, fromMs) } as const;
    this.told.add(`too-late/${model}`, { refused, model, id, source }, this.nowMs, emitter);
  }

  private expire(nowMs: number, emitter: Emitter): void {
    this.rows.dropBefore(nowMs, (page) =>
      this.inputs.expire(page, nowMs, ({ model, id, source, heldFromMs: timeMs }) =>
        emit(emitter, refusal(RefusalReason.ORPHAN, { model, id, source, timeMs })),
      ),
    );
  }

  private applyPrediction(prediction: PredictionRow, nowMs: number, emitter: Emitter): void {
    const reason = this.takePrediction(prediction, nowMs, emitter);
    if (reason !== null) emit(emitter, refusal(reason, prediction));
  }

  /** @returns why it was not taken; `null` when it was. */
  private takePrediction(prediction: PredictionRow, nowMs: number, emitter: Emitter): RefusalReason | null {
    const { model } = prediction;
    const horizon = this.horizons.of(model);
    const fromMs = this.horizons.heldFromMs(model, horizon, nowMs);
    if (prediction.timeMs < fromMs) {
      this.tellOfLate('prediction.time', prediction, fromMs, emitter);
      return RefusalReason.TOO_LATE;
    }
    this.seen(model, nowMs);
    const hash = this.inputs.hashOfPrediction(prediction);
    const { predictions, outcome } = this.inputs.find(hash, fromMs);
    if (predictions.length > 0) {
      const { version } = prediction;
      if (predictions.some((each) => each.version === version)) return RefusalReason.DUPLICATE;
    }
    const maps = { segments: mapText(prediction.segments), probabilities: mapText(prediction.probabilities) };
    this.inputs.addPrediction(hash, horizon, prediction, maps, prediction);
    for (const event of this.serving.answered(prediction)) emit(emitter, { kind: 'event', event });
    emit(emitter, prediction);
    if (outcome === null) return null;
    if (outcome.waits) this.inputs.stopWaiting(hash);
    if (!hasAnswer(prediction)) return null;
    const all = this.inputs.find(hash, fromMs).predictions;
    const { input, version: newVersion } = prediction;
    this.label({ model, input, newVersion, previous: null }, all, outcome, emitter);
    return null;
  }

  /** A prediction or an outcome of a model is taken. */
  private seen(model: string, nowMs: number): void {
    this.undeclared.taken(model, 'by its horizon');
    if (!this.horizons.knows(model)) this.serving.begin(model);
    this.horizons.seen(model, nowMs);
  }

  private applyEvent(row: EventRow, nowMs: number, emitter: Emitter): void {
    const plain = plainOutcomeOf(row);
    if (plain !== null) {
      this.applyOutcome(row, plain, null, nowMs, emitter);
      return;
    }
    const { event } = row;
    const { kind } = event;
    switch (kind.case) {
      case 'outcome': {
        const { prediction } = kind.value;
        const carried = prediction ? predictionRow(event.id, event.source, prediction) : null;
        this.applyOutcome(row, toldOutcome(event, kind.value), carried, nowMs, emitter);
        return;
      }
      case 'prediction':
        this.applyPrediction(predictionRow(event.id, event.source, kind.value), nowMs, emitter);
        return;
      case undefined:
        return;
      default:
        this.applyOther(event, kind, nowMs, emitter);
    }
  }

  /** @param carried the prediction that came with it; `null`: none */
  private applyOutcome(
    row: EventRow,
    { id, source, model, input, knownMs, truth, value = NaN, revision }: ToldOutcome,
    carried: PredictionRow | null,
    nowMs: number,
    emitter: Emitter,
  ): void {
    const refused: Refused = { model, id, source, timeMs: knownMs };
    // Its prediction may well have come before by itself: that is no duplicate worth counting.
    const carriedIsNew = carried !== null && this.takePrediction(carried, nowMs, emitter) === null;
    const horizon = this.horizons.of(model);
    const fromMs = this.horizons.heldFromMs(model, horizon, nowMs);
    if (knownMs < fromMs) {
      this.tellOfLate('outcome.knownAt', refused, fromMs, emitter);
      emit(emitter, refusal(RefusalReason.TOO_LATE, refused));
      return;
    }
    this.seen(model, nowMs);
    const hash = this.inputs.hashOf(model, input);
    const { predictions, outcome: before } = this.inputs.find(hash, fromMs);
    if (before !== null && revision <= before.revision) {
      if (!carriedIsNew) emit(emitter, refusal(RefusalReason.DUPLICATE, refused));
      return;
    }
    if (before?.waits) this.inputs.stopWaiting(hash);
    const known: HeldOutcome = {
      model,
      truth,
      value,
      revision,
      heldFromMs: knownMs,
      knownAtMs: before === null || before.waits ? knownMs : before.knownAtMs,
      waits: predictions.length === 0 && (before === null || before.waits),
      id,
      source,
    };
    this.inputs.addOutcome(hash, horizon, known);
    if (before !== null && before.truth === truth && Object.is(before.value, known.value)) return;
    const isLabel = this.label({ model, input, newVersion: null, previous: before }, predictions, known, emitter);
    // It was accepted all the same: somebody looks for it among the counts.
    if (!isLabel && before === null) emit(emitter, { kind: 'event', event: row.event });
  }

  /**
   * The rows of one group, in the order of their versions. An answer that is a class is labelled by a class, one that is a
   * number by a number; without either there is nothing to be right or wrong.
   * @returns whether there was any
   */
  private label(
    { model, input, newVersion, previous }: Labelling,
    predictions: readonly HeldPrediction[],
    outcome: HeldOutcome,
    emitter: Emitter,
  ): boolean {
    if (!predictions.some((prediction) => labels(outcome, prediction))) return false;
    const group = this.counters.get('group') ?? 0;
    this.counters.set('group', group + 1);
    for (const prediction of predictions) {
      if (!labels(outcome, prediction)) continue;
      const isCorrected = previous !== null && labels(previous, prediction);
      const isClass = prediction.class !== '';
      const isRepeated = newVersion !== null && newVersion !== prediction.version;
      emit(emitter, {
        kind: 'labelled',
        model,
        version: prediction.version,
        role: prediction.role,
        input,
        predictedAtMs: prediction.timeMs,
        knownAtMs: outcome.knownAtMs,
        class: prediction.class,
        truth: isClass ? outcome.truth : '',
        value: isClass ? NaN : prediction.value,
        truthValue: isClass ? NaN : truthValueOf(outcome),
        score: prediction.score,
        freshness: isCorrected ? 'corrected' : isRepeated ? 'repeated' : 'new',
        previousTruth: isClass && isCorrected ? previous.truth : '',
        group,
        segments: segmentsOf(prediction.segments),
        probabilities: numbersOf(prediction.probabilities),
        ...prediction.asked,
      });
    }
    return true;
  }

  private applyOther(event: Event, kind: OtherEvent, nowMs: number, emitter: Emitter): void {
    const timeMs = millisOf(kind.value.time);
    const horizonMs = eventHorizonMs(kind.case);
    const refused: Refused = { model: kind.value.model, id: event.id, source: event.source, timeMs };
    if (timeMs < nowMs - horizonMs) {
      emit(emitter, refusal(RefusalReason.TOO_LATE, refused));
      return;
    }
    const hash = new Uint32Array(4);
    hashText(event.source, eventSeed, hash);
    hashText(event.id, hash, hash);
    let seen = false;
    this.rows.forEach(hash, (page, row) => {
      if (isKind(page, 'event') && (page.columns.timeMs[row] as number) >= nowMs - horizonMs) seen = true;
    });
    if (seen) {
      emit(emitter, refusal(RefusalReason.DUPLICATE, refused));
      return;
    }
    this.undeclared.taken(kind.value.model, 'by itself');
    const page = this.rows.append('event', hash, timeMs + horizonMs, chunkWidthMs(horizonMs));
    page.columns.timeMs[page.count - 1] = timeMs;
    emit(emitter, {
      kind: 'event',
      event: kind.case === 'deployment' ? this.deployed(event, kind.value, emitter) : event,
    });
  }

  /** @returns the deployment as it takes effect: one that was overtaken tells of a build, and changes no role. */
  private deployed(event: Event, value: Deployment, emitter: Emitter): Event {
    const { earlier, overtaken } = this.serving.deployed(value);
    for (const before of earlier) emit(emitter, { kind: 'event', event: before });
    if (!overtaken) return event;
    return { ...event, kind: { case: 'deployment', value: { ...value, role: Role.UNSPECIFIED } } };
  }
}

function toldOutcome({ id, source }: Event, { model, input, knownAt, truth, value, revision }: Outcome): ToldOutcome {
  return { id, source, model, input, knownMs: millisOf(knownAt), truth, value, revision };
}

/** What an outcome says is true: a class, or a number. */
type Truth = Pick<HeldOutcome, 'truth' | 'value'>;

/** A class labels a class, a number a number. */
function labels(truth: Truth, prediction: HeldPrediction): boolean {
  if (prediction.class !== '') return truth.truth !== '';
  return hasAnswer(prediction) && !Number.isNaN(truthValueOf(truth));
}

/** The model answered, by a class or by a number. */
function hasAnswer({ class: answer, value }: { readonly class: string; readonly value: number }): boolean {
  return answer !== '' || !Number.isNaN(value);
}

/** The number that an outcome states, also where it came as text. `NaN`: none. */
function truthValueOf({ truth, value }: Truth): number {
  if (!Number.isNaN(value) || !decimal.test(truth)) return value;
  const read = Number(truth);
  return isWithin(read, numberLimits.outcome.value) ? read : NaN;
}

const decimal = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

function emit(emitter: Emitter, row: ObservationRow): void {
  emitter.emit(topics.observations, 'same', row);
}

function refusal(reason: RefusalReason, { model, id, source, timeMs }: Refused): ObservationRow {
  return {
    kind: 'refusal',
    refusal: create(RefusalSchema, { reason, model, eventId: id, source, atMs: timeMs }),
  };
}

import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { RefusalReason, RefusalSchema } from '@moola/contracts/gen/moola/v1/rows_pb';
import { EventSchema, Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { inferredBy } from '@moola/contracts/inferred-deployment';
import type { IntakeRow, LabelledRow, ObservationRow, PredictionRow } from '@moola/contracts/rows';
import type { TestRow } from '@moola/testing/run-processor';
import { chunkWidthMs, defaultLabelHorizonMs, eventHorizonMs } from '../domain/horizons.js';
import { millisOf } from '../../receive/domain/instants.js';
import { predictionRow } from '../../receive/domain/prediction-row.js';
import { NaiveServing, type Infer } from './naive-serving.js';

interface NaiveOutcome {
  truth: string;
  value: number;
  revision: number;
  knownAtMs: number;
  heldFromMs: number;
  waits: boolean;
  dropAtMs: number;
  /** When it came to its place in time: it moves back when its model is given a longer horizon. */
  order: number;
  readonly model: string;
  readonly input: string;
  readonly id: string;
  readonly source: string;
}

const numberOf = ({ truth, value }: { truth: string; value: number }): number =>
  Number.isNaN(value) && truth.trim() !== '' ? Number(truth) : value;

/** A class labels a class, a number a number. */
const canLabel = (answer: PredictionRow, known: { truth: string; value: number }): boolean =>
  answer.class === '' ? !Number.isNaN(answer.value) && !Number.isNaN(numberOf(known)) : known.truth !== '';

type Emit = (row: ObservationRow) => void;

/**
 * The join written down as plainly as possible: lists that are searched from end to end, nothing is ever forgotten.
 * @returns what each row gives.
 */
export function naiveJoin(rows: readonly TestRow<IntakeRow>[]): ObservationRow[][] {
  const predictions: PredictionRow[] = [];
  const outcomes: NaiveOutcome[] = [];
  const events: { source: string; id: string; timeMs: number }[] = [];
  const horizons = new Map<string, number>();
  const asked = new Map<string, readonly string[]>();
  const features = new Map<string, readonly string[]>();
  const forgotten = new Map<string, number>();
  const since = new Map<string, number>();
  let nowMs = 0;
  let group = 0;
  let order = 0;

  const servings = new Map<string, NaiveServing>();

  const horizonOf = (model: string): number => horizons.get(model) ?? defaultLabelHorizonMs;
  const heldFrom = (model: string): number => {
    const isNew = nowMs <= (since.get(model) ?? Infinity) + horizonOf(model);
    return Math.max(isNew ? 0 : nowMs - horizonOf(model), forgotten.get(model) ?? 0);
  };
  const seen = (model: string): void => void (since.has(model) || since.set(model, nowMs));
  const dropAt = (model: string, heldFromMs: number): number => {
    const width = chunkWidthMs(horizonOf(model));
    const fromMs = Math.max(heldFromMs, since.get(model) ?? 0);
    return Math.ceil((fromMs + horizonOf(model)) / width) * width;
  };
  const refuse = (emit: Emit, reason: RefusalReason, model: string, id: string, source: string, atMs: number): void =>
    emit({ kind: 'refusal', refusal: create(RefusalSchema, { model, reason, eventId: id, source, atMs }) });
  const livePredictions = (model: string, input: string): PredictionRow[] =>
    predictions
      .filter((each) => each.model === model && each.input === input && each.timeMs >= heldFrom(model))
      .sort((a, b) => (a.version < b.version ? -1 : 1));
  const liveOutcomes = (model: string, input: string): NaiveOutcome[] =>
    outcomes
      .filter((each) => each.model === model && each.input === input && each.heldFromMs >= heldFrom(model))
      .sort((a, b) => b.revision - a.revision);
  const label = (
    emit: Emit,
    answers: readonly PredictionRow[],
    known: { truth: string; value: number; knownAtMs: number },
    freshness: (each: PredictionRow) => LabelledRow['freshness'],
    previous?: { truth: string; value: number },
  ): void => {
    const labelled = answers.filter((each) => canLabel(each, known));
    for (const each of labelled) {
      const { model, version, role, input, segments } = each;
      const corrected = previous !== undefined && canLabel(each, previous);
      const own =
        each.class === ''
          ? {
              class: '',
              truth: '',
              value: each.value,
              truthValue: numberOf(known),
              score: NaN,
              previousTruth: '',
              probabilities: {},
            }
          : {
              ...{ class: each.class, truth: known.truth, value: NaN, truthValue: NaN },
              ...{ score: each.score, previousTruth: corrected ? previous.truth : '' },
              probabilities: each.probabilities,
            };
      emit({
        ...{
          latencyMs: each.latencyMs,
          costUsd: each.costUsd,
          arm: each.arm,
          unit: each.unit,
          features: each.features,
        },
        ...{ kind: 'labelled', model, version, role, input, segments, group, ...own },
        ...{
          predictedAtMs: each.timeMs,
          knownAtMs: known.knownAtMs,
          freshness: corrected ? 'corrected' : freshness(each),
        },
      });
    }
    if (labelled.length > 0) group++;
  };

  const inferring =
    (model: string, emit: Emit): Infer =>
    (version, sinceMs) => {
      const value = { model, version, role: Role.PRIMARY, time: timestampFromMs(sinceMs), by: inferredBy };
      const id = `inferred/${model}/${version}/${sinceMs}`;
      emit({ kind: 'event', event: create(EventSchema, { id, kind: { case: 'deployment', value } }) });
    };
  const servingOf = (model: string): NaiveServing => {
    const serving = servings.get(model) ?? new NaiveServing();
    servings.set(model, serving);
    return serving;
  };

  const takePrediction = (each: PredictionRow, emit: Emit): RefusalReason | null => {
    const { model, input, version } = each;
    if (each.timeMs < heldFrom(model)) return RefusalReason.TOO_LATE;
    seen(model);
    if (livePredictions(model, input).some((held) => held.version === version)) return RefusalReason.DUPLICATE;
    const asks = (field: string): boolean => asked.get(model)?.includes(field) ?? false;
    predictions.push({
      ...each,
      latencyMs: asks('latencyMs') ? each.latencyMs : NaN,
      costUsd: asks('costUsd') ? each.costUsd : NaN,
      arm: asks('experimentArm') ? each.arm : '',
      unit: asks('unit') ? each.unit : '',
      features: Object.fromEntries(
        Object.entries(each.features).filter(([name]) => features.get(model)?.includes(name)),
      ),
    });
    if (each.role === Role.PRIMARY) servingOf(model).answered(version, each.timeMs, inferring(model, emit));
    emit(each);
    const [known] = liveOutcomes(model, input);
    if (!known) return null;
    for (const each of outcomes) if (each.model === model && each.input === input) each.waits = false;
    if (each.class === '' && Number.isNaN(each.value)) return null;
    label(emit, livePredictions(model, input), known, (held) => (held.version === version ? 'new' : 'repeated'));
    return null;
  };

  const applyData = (row: IntakeRow, emit: Emit): void => {
    if (row.kind === 'prediction') {
      const reason = takePrediction(row, emit);
      if (reason !== null) refuse(emit, reason, row.model, row.id, row.source, row.timeMs);
      return;
    }
    const { id, source, kind } = row.event;
    if (kind.case === 'outcome') {
      const { model, input, truth, revision, knownAt, prediction } = kind.value;
      const heldFromMs = millisOf(knownAt);
      const carriedIsNew =
        prediction !== undefined && takePrediction(predictionRow(id, source, prediction), emit) === null;
      if (heldFromMs < heldFrom(model)) {
        refuse(emit, RefusalReason.TOO_LATE, model, id, source, heldFromMs);
        return;
      }
      seen(model);
      const [before] = liveOutcomes(model, input);
      if (before && revision <= before.revision) {
        if (!carriedIsNew) refuse(emit, RefusalReason.DUPLICATE, model, id, source, heldFromMs);
        return;
      }
      const answers = livePredictions(model, input);
      const previousTruth = before?.truth ?? '';
      const knownAtMs = before && !before.waits ? before.knownAtMs : heldFromMs;
      const waits = answers.length === 0 && (before?.waits ?? true);
      for (const each of outcomes)
        if (before?.waits && each.model === model && each.input === input) each.waits = false;
      const value = kind.value.value ?? NaN;
      const known = {
        ...{ truth, value, revision, knownAtMs, heldFromMs, waits, model, input, id, source },
        ...{ dropAtMs: dropAt(model, heldFromMs), order: order++ },
      };
      outcomes.push(known);
      if (!before && !answers.some((each) => canLabel(each, known))) emit(row);
      else if (!before) label(emit, answers, known, () => 'new');
      else if (previousTruth !== truth || !Object.is(before.value, value))
        label(emit, answers, known, () => 'new', before);
    } else if (kind.case === 'deployment') {
      const timeMs = millisOf(kind.value.time);
      const from = nowMs - eventHorizonMs(kind.case);
      if (timeMs < from) refuse(emit, RefusalReason.TOO_LATE, kind.value.model, id, source, timeMs);
      else if (events.some((each) => each.source === source && each.id === id && each.timeMs >= from)) {
        refuse(emit, RefusalReason.DUPLICATE, kind.value.model, id, source, timeMs);
      } else {
        events.push({ source, id, timeMs });
        const { model, version, role, incident } = kind.value;
        const isOvertaken =
          role === Role.PRIMARY && servingOf(model).deployed(version, timeMs, incident, inferring(model, emit));
        const told: IntakeRow & { readonly kind: 'event' } = {
          kind: 'event',
          event: { ...row.event, kind: { case: 'deployment', value: { ...kind.value, role: Role.UNSPECIFIED } } },
        };
        emit(isOvertaken ? told : row);
      }
    }
  };

  return rows.map((row) => {
    const emitted: ObservationRow[] = [];
    const emit: Emit = (value) => emitted.push(value);
    if ('tick' in row) {
      nowMs = Math.max(nowMs, row.tick);
      const ended = outcomes.filter((each) => each.dropAtMs < nowMs);
      // Of those that end together, the ones that are numbers come last.
      const isNumber = ({ value }: NaiveOutcome): number => (Number.isNaN(value) ? 0 : 1);
      const inOrder = (a: NaiveOutcome, b: NaiveOutcome): number =>
        a.dropAtMs - b.dropAtMs || isNumber(a) - isNumber(b) || a.order - b.order;
      for (const each of ended.sort(inOrder)) {
        if (each.heldFromMs >= heldFrom(each.model)) {
          each.dropAtMs = dropAt(each.model, each.heldFromMs);
          each.order = order++;
          continue;
        }
        each.dropAtMs = Infinity;
        if (!each.waits) continue;
        each.waits = false;
        refuse(emit, RefusalReason.ORPHAN, each.model, each.id, each.source, each.heldFromMs);
      }
    } else if ('definition' in row) {
      const { name, kind } = row.definition;
      if (kind.case === 'model') {
        forgotten.set(name, heldFrom(name));
        horizons.set(name, kind.value.labelHorizonMs);
        asked.set(name, kind.value.labelledWith);
        features.set(name, kind.value.features);
      }
    } else applyData(row.data, emit);
    return emitted;
  });
}

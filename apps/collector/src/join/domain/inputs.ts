import { askedNames, type Asked } from '@moola/contracts/columns/held-columns';
import { PredictionView } from '@moola/contracts/columns/predictions';
import type { PredictionRow } from '@moola/contracts/rows';
import type { ChunkedRows } from './chunked-rows.js';
import { chunkWidthMs, type Horizons, type ModelHorizon } from './horizons.js';
import { hashAscii, hashText, type KeyHash } from './key-hash.js';
import { numbersNamed } from './map-text.js';
import { isKind, type Page } from './page.js';

/** What is known of the truth of an input. */
export interface HeldOutcome {
  readonly model: string;
  /** Empty where it is a number. */
  readonly truth: string;
  /** `NaN` where it is a class. */
  readonly value: number;
  readonly revision: number;
  /** When this revision became known: it is held from then on. */
  readonly heldFromMs: number;
  /** When the first revision became known: labels stay in its bucket. */
  readonly knownAtMs: number;
  /** No prediction has been joined to it. */
  readonly waits: boolean;
  /** Of the event. Kept as long as it waits, to name it when it becomes an orphan. */
  readonly id: string;
  readonly source: string;
}

/** A version's answer, as it is held. */
export interface HeldPrediction {
  readonly version: string;
  readonly role: number;
  readonly timeMs: number;
  /** Empty where the answer is a number. */
  readonly class: string;
  /** `NaN` where the answer is a class. */
  readonly value: number;
  readonly score: number;
  /** As `mapText` writes them. */
  readonly segments: string;
  readonly probabilities: string;
  /** What the model's definition asks for. */
  readonly asked: Asked;
}

/** What is held of a prediction, but for its maps and what is asked for. */
export interface AnsweredPrediction extends Omit<HeldPrediction, 'segments' | 'probabilities' | 'asked'> {
  readonly model: string;
}

/** What is held of one input of one model. */
export interface HeldInput {
  /** By version name. */
  readonly predictions: readonly HeldPrediction[];
  readonly outcome: HeldOutcome | null;
}

const inputSeed: KeyHash = Uint32Array.of(1, 0, 0, 0);
const nothingHeld: HeldInput = { predictions: [], outcome: null };

type ClassKind = 'prediction' | 'probablePrediction';
type PredictionKind = ClassKind | 'valuePrediction';
type OutcomeKind = 'outcome' | 'valueOutcome';

function isPrediction(page: Page): page is Page<PredictionKind> {
  return isClassPrediction(page) || isKind(page, 'valuePrediction');
}

function isClassPrediction(page: Page): page is Page<ClassKind> {
  return isKind(page, 'prediction') || isKind(page, 'probablePrediction');
}

function isOutcome(page: Page): page is Page<OutcomeKind> {
  return isKind(page, 'outcome') || isKind(page, 'valueOutcome');
}

/** Predictions and outcomes by (model, input). */
export class Inputs {
  private readonly hash: KeyHash = new Uint32Array(4);

  constructor(
    private readonly rows: ChunkedRows,
    private readonly horizons: Horizons,
  ) {}

  /** The hash of an input. Valid until the next call. */
  hashOf(model: string, input: string): KeyHash {
    const { hash } = this;
    hashText(model, inputSeed, hash);
    hashText(input, hash, hash);
    return hash;
  }

  /** The same for a prediction's. Where it lies in a record its texts need not be made. */
  hashOfPrediction(prediction: PredictionRow): KeyHash {
    if (prediction instanceof PredictionView) {
      const { columns, row } = prediction;
      const { dictionary } = columns;
      const model = columns.model[row] as number;
      const input = columns.input[row] as number;
      if (dictionary.isAscii && dictionary.hasBytes(model) && dictionary.hasBytes(input)) {
        const { hash } = this;
        hashAscii(dictionary.bytes, dictionary.textStart(model), dictionary.end(model), inputSeed, hash);
        hashAscii(dictionary.bytes, dictionary.textStart(input), dictionary.end(input), hash, hash);
        return hash;
      }
    }
    return this.hashOf(prediction.model, prediction.input);
  }

  /** @param fromMs what happened before is not seen any more: `Horizons.heldFromMs` */
  find(hash: KeyHash, fromMs: number): HeldInput {
    if (!this.rows.has(hash)) return nothingHeld;
    const predictions: HeldPrediction[] = [];
    let outcome: HeldOutcome | null = null;
    this.rows.forEach(hash, (page, row) => {
      if (isPrediction(page)) {
        if ((page.columns.timeMs[row] as number) >= fromMs) predictions.push(heldPrediction(page, row));
      } else if (isOutcome(page) && (page.columns.heldFromMs[row] as number) >= fromMs) {
        const held = heldOutcome(page, row);
        if (outcome === null || held.revision > outcome.revision) outcome = held;
      }
    });
    if (predictions.length > 1) predictions.sort((a, b) => (a.version < b.version ? -1 : 1));
    return { predictions, outcome };
  }

  /**
   * @param maps as `mapText` writes them
   * @param asked where the values are that the model asks for. @param wanted which of them
   */
  addPrediction(
    hash: KeyHash,
    horizon: ModelHorizon,
    prediction: AnsweredPrediction,
    { segments, probabilities }: Pick<HeldPrediction, 'segments' | 'probabilities'>,
    asked: Asked,
    { asked: names = [], features }: Pick<ModelHorizon, 'asked' | 'features'> = horizon,
  ): void {
    const untilMs = this.horizons.heldUntilMs(prediction.model, horizon, prediction.timeMs);
    const isValue = prediction.class === '' && !Number.isNaN(prediction.value);
    const kind = isValue ? 'valuePrediction' : probabilities === '' ? 'prediction' : 'probablePrediction';
    const page: Page<PredictionKind> = this.rows.append(kind, hash, untilMs, chunkWidthMs(horizon.horizonMs));
    const row = page.count - 1;
    const { columns } = page;
    columns.timeMs[row] = prediction.timeMs;
    columns.model[row] = page.intern(prediction.model);
    columns.version[row] = page.intern(prediction.version);
    columns.segments[row] = page.intern(segments);
    columns.role[row] = prediction.role;
    for (const name of names) {
      const named = name === 'features' && features !== undefined;
      page.setAsked(name, row, named ? numbersNamed(features, asked.features) : asked[name]);
    }
    if (isKind(page, 'valuePrediction')) page.columns.value[row] = prediction.value;
    else if (isClassPrediction(page)) {
      page.columns.score[row] = prediction.score;
      page.columns.class[row] = page.intern(prediction.class);
    }
    if (isKind(page, 'probablePrediction')) page.columns.probabilities[row] = page.intern(probabilities);
  }

  addOutcome(hash: KeyHash, horizon: ModelHorizon, outcome: HeldOutcome): void {
    const untilMs = this.horizons.heldUntilMs(outcome.model, horizon, outcome.heldFromMs);
    const kind = Number.isNaN(outcome.value) ? 'outcome' : 'valueOutcome';
    const page: Page<OutcomeKind> = this.rows.append(kind, hash, untilMs, chunkWidthMs(horizon.horizonMs));
    const row = page.count - 1;
    const { columns } = page;
    columns.heldFromMs[row] = outcome.heldFromMs;
    columns.knownAtMs[row] = outcome.knownAtMs;
    columns.revision[row] = outcome.revision;
    columns.truth[row] = page.intern(outcome.truth);
    columns.model[row] = page.intern(outcome.model);
    columns.id[row] = outcome.waits ? page.intern(outcome.id) : 0;
    columns.source[row] = outcome.waits ? page.intern(outcome.source) : 0;
    columns.waits[row] = outcome.waits ? 1 : 0;
    if (isKind(page, 'valueOutcome')) page.columns.value[row] = outcome.value;
  }

  /**
   * A page is about to be dropped: rows whose model has been given a longer horizon since are carried over.
   * @param orphan hears of the outcomes that have waited in vain.
   */
  expire(page: Page, nowMs: number, orphan: (outcome: HeldOutcome) => void): void {
    const byModel: { readonly horizon: ModelHorizon; readonly fromMs: number }[] = [];
    const modelOf = (index: number) => {
      let known = byModel[index];
      if (known === undefined) {
        const model = page.string(index);
        const horizon = this.horizons.of(model);
        known = byModel[index] = { horizon, fromMs: this.horizons.heldFromMs(model, horizon, nowMs) };
      }
      return known;
    };
    for (let row = 0; row < page.count; row++) {
      if (isPrediction(page)) {
        const model = page.columns.model[row] as number;
        const { horizon, fromMs } = modelOf(model);
        if ((page.columns.timeMs[row] as number) < fromMs) continue;
        const held = heldPrediction(page, row);
        const prediction = { ...held, model: page.string(model) };
        // What is held goes on to be held, whatever the definition asks for now.
        this.addPrediction(page.hash(row), horizon, prediction, held, held.asked, { asked: askedNames });
      } else if (isOutcome(page)) {
        const { columns } = page;
        const { horizon, fromMs } = modelOf(columns.model[row] as number);
        const live = (columns.heldFromMs[row] as number) >= fromMs;
        if (live) this.addOutcome(page.hash(row), horizon, heldOutcome(page, row));
        else if (columns.waits[row] === 1) orphan(heldOutcome(page, row));
      }
    }
  }

  /** A prediction has come for the outcomes of a key, or a later revision has taken their place. */
  stopWaiting(hash: KeyHash): void {
    this.rows.forEach(hash, (page, row) => {
      if (!isOutcome(page) || page.columns.waits[row] === 0) return;
      page.columns.waits[row] = 0;
      this.rows.changed(page);
    });
  }
}

function heldPrediction(page: Page<PredictionKind>, row: number): HeldPrediction {
  const { columns } = page;
  return {
    version: page.string(columns.version[row] as number),
    role: columns.role[row] as number,
    timeMs: columns.timeMs[row] as number,
    class: isClassPrediction(page) ? page.string(page.columns.class[row] as number) : '',
    value: isKind(page, 'valuePrediction') ? (page.columns.value[row] as number) : NaN,
    score: isClassPrediction(page) ? (page.columns.score[row] as number) : NaN,
    segments: page.string(columns.segments[row] as number),
    probabilities: isKind(page, 'probablePrediction') ? page.string(page.columns.probabilities[row] as number) : '',
    asked: page.askedOf(row),
  };
}

function heldOutcome(page: Page<OutcomeKind>, row: number): HeldOutcome {
  const { columns } = page;
  return {
    model: page.string(columns.model[row] as number),
    truth: page.string(columns.truth[row] as number),
    value: isKind(page, 'valueOutcome') ? (page.columns.value[row] as number) : NaN,
    revision: columns.revision[row] as number,
    heldFromMs: columns.heldFromMs[row] as number,
    knownAtMs: columns.knownAtMs[row] as number,
    id: page.string(columns.id[row] as number),
    source: page.string(columns.source[row] as number),
    waits: columns.waits[row] === 1,
  };
}

import type { Definition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { jsonEntry, KeyedState } from '@moola/streams/keyed-state';

const hour = 3_600_000;

/** How long an outcome may follow its prediction, where no definition says it. */
export const defaultLabelHorizonMs = 24 * hour;
/** How long other events are told from their repetitions: rare ones longer, samples as long as labels. */
export const eventHorizonMs = {
  deployment: 30 * 24 * hour,
  trainingProgress: 24 * hour,
  infrastructureSample: 24 * hour,
} as const;

/** How long the events of a model are held. */
export interface ModelHorizon {
  /** Milliseconds. */
  readonly horizonMs: number;
  /** What is older was forgotten under a shorter horizon: it cannot be told from a duplicate. */
  readonly forgottenBeforeMs: number;
}

const undeclared: ModelHorizon = { horizonMs: defaultLabelHorizonMs, forgottenBeforeMs: 0 };

/** The label horizon of each model. */
export class Horizons {
  private readonly models: KeyedState<ModelHorizon>;

  constructor(entries: ReadonlyMap<string, Uint8Array>) {
    this.models = new KeyedState('horizon/', jsonEntry<ModelHorizon>(1), entries);
  }

  define(definition: Definition, nowMs: number): void {
    if (definition.kind.case !== 'model') return;
    const before = this.of(definition.name);
    const { labelHorizonMs } = definition.kind.value;
    this.models.set(definition.name, {
      horizonMs: labelHorizonMs > 0 ? labelHorizonMs : defaultLabelHorizonMs,
      forgottenBeforeMs: Math.max(before.forgottenBeforeMs, nowMs - before.horizonMs),
    });
  }

  of(model: string): ModelHorizon {
    return this.models.get(model) ?? undeclared;
  }

  takeChanges(into: Map<string, Uint8Array | null>): void {
    this.models.takeChanges(into);
  }
}

/** What happened before this instant is refused, and forgotten. */
export function heldFromMs({ horizonMs, forgottenBeforeMs }: ModelHorizon, nowMs: number): number {
  return Math.max(nowMs - horizonMs, forgottenBeforeMs);
}

/** Width of a chunk of rows that expire together: they are held at most this much longer than their horizon. */
export function chunkWidthMs(horizonMs: number): number {
  if (horizonMs <= hour) return hour / 60;
  return horizonMs <= 48 * hour ? hour / 4 : 6 * hour;
}

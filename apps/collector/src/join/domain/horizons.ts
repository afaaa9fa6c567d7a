import { askedFields, type AskedName } from '@moola/contracts/columns/held-columns';
import { kindOf } from '@moola/contracts/definitions/in-force';
import type { Definition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { jsonEntry, KeyedState } from '@moola/streams/processor/keyed-state';
import { eventKinds } from '@moola/contracts/event-kinds';
import type { EventCase } from '@moola/contracts/event-kinds/event-kind';

const hour = 3_600_000;

/** How long an outcome may follow its prediction, where no definition says it. */
export const defaultLabelHorizonMs = 24 * hour;
/**
 * How long events that are joined with nothing are told from their repetitions: as long as the doors take them, and an hour
 * more for what lies between a door and here.
 */
export function eventHorizonMs(kind: EventCase): number {
  return eventKinds[kind].horizonMs + hour;
}

/** How long the events of a model are held. */
export interface ModelHorizon {
  /** Milliseconds. */
  readonly horizonMs: number;
  /** What is older was forgotten under a shorter horizon: it cannot be told from a duplicate. */
  readonly forgottenBeforeMs: number;
  /** What its labelled predictions carry beside the answer; absent: nothing. */
  readonly asked?: readonly AskedName[];
  /** Where `features` are asked for: which. */
  readonly features?: readonly string[];
}

const undeclared: ModelHorizon = { horizonMs: defaultLabelHorizonMs, forgottenBeforeMs: 0 };

/** The label horizon of each model, and since when there are events of it. */
export class Horizons {
  private readonly models: KeyedState<ModelHorizon>;
  /** The tick at which the first event of a model came: for a horizon after it, nothing of the model has been forgotten. */
  private readonly since: KeyedState<number>;

  constructor(entries: ReadonlyMap<string, Uint8Array>) {
    this.models = new KeyedState('horizon/', jsonEntry<ModelHorizon>(1), entries);
    this.since = new KeyedState('since/', jsonEntry<number>(1), entries);
  }

  define(definition: Definition, nowMs: number): void {
    if (kindOf(definition) !== 'model') return;
    const { name } = definition;
    const before = this.of(name);
    // Deleted: as where no definition says it. What was forgotten under it stays so.
    const labelHorizonMs = definition.kind.case === 'model' ? definition.kind.value.labelHorizonMs : 0;
    const fields = definition.kind.case === 'model' ? definition.kind.value.labelledWith : [];
    const features = definition.kind.case === 'model' ? definition.kind.value.features : [];
    // A field that only a newer version knows is left out.
    const asked = fields.flatMap((field) => askedFields.get(field) ?? []);
    if (features.length > 0) asked.push('features');
    this.models.set(name, {
      horizonMs: labelHorizonMs > 0 ? labelHorizonMs : defaultLabelHorizonMs,
      forgottenBeforeMs: this.heldFromMs(name, before, nowMs),
      ...(asked.length > 0 && { asked }),
      ...(features.length > 0 && { features }),
    });
  }

  of(model: string): ModelHorizon {
    return this.models.get(model) ?? undeclared;
  }

  /**
   * What happened before this instant is refused, and forgotten. A model without any event has forgotten nothing, and for a
   * horizon after its first one nothing either: history is taken, however old.
   * @param horizon of the model: `of`
   */
  heldFromMs(model: string, { horizonMs, forgottenBeforeMs }: ModelHorizon, nowMs: number): number {
    const sinceMs = this.since.get(model);
    const isNew = sinceMs === undefined || nowMs <= sinceMs + horizonMs;
    return isNew ? forgottenBeforeMs : Math.max(nowMs - horizonMs, forgottenBeforeMs);
  }

  /** Until when a row of that time is held at least. */
  heldUntilMs(model: string, { horizonMs }: ModelHorizon, timeMs: number): number {
    return Math.max(timeMs, this.since.get(model) ?? timeMs) + horizonMs;
  }

  /** Models of which an event has been taken. */
  names(): readonly string[] {
    return this.since.keys();
  }

  /** Whether a model is declared, or was once. */
  isDefined(model: string): boolean {
    return this.models.has(model);
  }

  /** Whether an event of a model has been taken. */
  knows(model: string): boolean {
    return this.since.has(model);
  }

  /** An event of a model is taken. */
  seen(model: string, nowMs: number): void {
    if (!this.since.has(model)) this.since.set(model, nowMs);
  }

  /** Nobody has written down since when there are events of these models: they may have forgotten some. */
  seenBefore(models: Iterable<string>): void {
    if (this.since.size > 0) return;
    for (const model of models) this.seen(model, 0);
  }

  takeChanges(into: Map<string, Uint8Array | null>): void {
    this.models.takeChanges(into);
    this.since.takeChanges(into);
  }
}

/** Width of a chunk of rows that expire together: they are held at most this much longer than their horizon. */
export function chunkWidthMs(horizonMs: number): number {
  if (horizonMs <= hour) return hour / 60;
  return horizonMs <= 48 * hour ? hour / 4 : 6 * hour;
}

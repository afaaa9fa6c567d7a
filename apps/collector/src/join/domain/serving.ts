import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { EventSchema, Role, type Deployment, type Event } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { PredictionRow } from '@moola/contracts/rows';
import { jsonEntry, KeyedState } from '@moola/streams/processor/keyed-state';

/** A version serves in place of another once it has answered so often as primary while the other one has not … */
export const takeoverAnswers = 5;
/** … for longer than this, milliseconds between answers. */
export const takeoverSilenceMs = 60_000;
/** The last answer is kept to the second: fewer changes to save. */
const lastAnswerStepMs = 1000;

/** Who deployed a version of which no deployment event tells. */
export const inferredBy = 'inferred from predictions';

/** What is known of who serves a model. */
interface ModelServing {
  /** A deployment event has said it: from then on only such events do. */
  readonly declared: boolean;
  /** Answers as primary; empty before the first answer. */
  readonly version: string;
  /** Of its first answer and, to the second, its last one, milliseconds since the epoch. */
  readonly sinceMs: number;
  readonly lastMs: number;
  /** Whether a deployment of it has been inferred already. */
  readonly told: boolean;
  /** A version that has answered as primary since the last answer of the one that serves. */
  readonly next: { readonly version: string; readonly sinceMs: number; readonly answers: number } | null;
}

const unknown: ModelServing = { declared: false, version: '', sinceMs: 0, lastMs: 0, told: false, next: null };

/**
 * Who serves a model whose producer sends no deployment events: the version that answers as primary. When another one takes
 * over, the deployments of both are inferred, so that everything that follows from a release follows from this one too.
 */
export class Serving {
  private readonly models: KeyedState<ModelServing>;

  constructor(entries: ReadonlyMap<string, Uint8Array>) {
    this.models = new KeyedState('serving/', jsonEntry<ModelServing>(1), entries);
  }

  /** The first event of a model is taken. Of models that are older than this state nothing is inferred. */
  begin(model: string): void {
    if (!this.models.has(model)) this.models.set(model, unknown);
  }

  /** A prediction is taken. @returns the deployments that follow from it, in order */
  answered({ model, version, role, timeMs }: PredictionRow): readonly Event[] {
    if (role !== Role.PRIMARY) return none;
    const known = this.models.get(model);
    if (known === undefined || known.declared) return none;
    if (known.version === '') {
      this.models.set(model, { ...unknown, version, sinceMs: timeMs, lastMs: timeMs });
      return none;
    }
    if (known.version === version) {
      const goesOn = known.next !== null && timeMs >= known.next.sinceMs;
      if (goesOn || timeMs >= known.lastMs + lastAnswerStepMs)
        this.models.set(model, { ...known, lastMs: Math.max(known.lastMs, timeMs), next: null });
      return none;
    }
    return this.answeredInstead(model, known, version, timeMs);
  }

  private answeredInstead(model: string, known: ModelServing, version: string, timeMs: number): readonly Event[] {
    // What comes late says nothing of who serves now.
    if (timeMs <= known.lastMs) return none;
    const before = known.next?.version === version ? known.next : { sinceMs: timeMs, answers: 0 };
    const sinceMs = Math.min(before.sinceMs, timeMs);
    const answers = before.answers + 1;
    if (answers < takeoverAnswers || timeMs - known.lastMs <= takeoverSilenceMs) {
      this.models.set(model, { ...known, next: { version, sinceMs, answers } });
      return none;
    }
    this.models.set(model, { ...unknown, version, sinceMs, lastMs: timeMs, told: true });
    return [...first(model, known), deployment(model, version, sinceMs)];
  }

  /** A deployment event is taken. @returns the deployment that came before it and was never told */
  deployed({ model, version, role }: Deployment): readonly Event[] {
    if (role !== Role.PRIMARY) return none;
    const known = this.models.get(model);
    if (known?.declared) return none;
    this.models.set(model, { ...unknown, declared: true });
    return known === undefined || known.version === '' || known.version === version ? none : first(model, known);
  }

  takeChanges(into: Map<string, Uint8Array | null>): void {
    this.models.takeChanges(into);
  }
}

const none: readonly Event[] = [];

const first = (model: string, { version, sinceMs, told }: ModelServing): readonly Event[] =>
  told ? none : [deployment(model, version, sinceMs)];

function deployment(model: string, version: string, sinceMs: number): Event {
  const value = { model, version, role: Role.PRIMARY, time: timestampFromMs(sinceMs), by: inferredBy };
  return create(EventSchema, {
    id: `inferred/${model}/${version}/${sinceMs}`,
    kind: { case: 'deployment', value },
  });
}

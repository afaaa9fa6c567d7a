import { create } from '@bufbuild/protobuf';
import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import { EventSchema, Role, type Deployment, type Event } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { inferredBy } from '@moola/contracts/inferred-deployment';
import type { PredictionRow } from '@moola/contracts/rows';
import { jsonEntry, KeyedState } from '@moola/streams/processor/keyed-state';

/** When a version serves in place of another without a deployment event. */
export interface Takeover {
  /** So often it has answered as primary since the other one's last answer … */
  readonly answers: number;
  /** … and the other one has not answered for longer than this, milliseconds between the times of predictions. */
  readonly silenceMs: number;
}
/** Of a model that has sent no deployment event. */
export const takeoverOfUndeclared: Takeover = { answers: 5, silenceMs: 60_000 };
/** Of a version that a deployment event named, and that has answered since. */
export const takeoverOfDeclared: Takeover = { answers: 20, silenceMs: 5 * 60_000 };
/** Of one that has not answered since its deployment event: a roll-out takes its time. */
export const takeoverOfUnanswered: Takeover = { answers: 20, silenceMs: 30 * 60_000 };
/** The last answer is kept to the second: fewer changes to save. */
const lastAnswerStepMs = 1000;

/** What is known of who serves a model. Entries that an earlier version wrote lack the optional fields. */
interface ModelServing {
  /** A deployment event with role primary has come. */
  readonly declared: boolean;
  /** What serves; empty before the first answer, and where an earlier version did not keep what was declared. */
  readonly version: string;
  /** Of its deployment or first answer and, to the second, its last answer since, milliseconds since the epoch. */
  readonly sinceMs: number;
  lastMs: number;
  /** Whether its deployment has come or been inferred. */
  readonly told: boolean;
  /** Its deployment was inferred, and no event has told of it since. */
  readonly inferred?: boolean;
  /** It has been declared, and has not answered as primary since. */
  readonly unanswered?: boolean;
  /** It has been declared by a rollback. */
  readonly rollback?: boolean;
  /** A version that has answered as primary since the last answer of the one that serves. */
  readonly next: { readonly version: string; readonly sinceMs: number; readonly answers: number } | null;
}

const unknown: Readonly<ModelServing> = {
  declared: false,
  version: '',
  sinceMs: 0,
  lastMs: 0,
  told: false,
  next: null,
};

/** What follows from a deployment event. */
export interface DeploymentTaken {
  /** The deployment that came before it and was never told. */
  readonly earlier: readonly Event[];
  /** It tells of the time before what serves now was seen to take over: what serves stays. */
  readonly overtaken: boolean;
}

/**
 * Who serves a model: the version of its last deployment event or, where its producer sends none or forgets one, the version that
 * answers as primary. Deployments that no event told of are inferred, so that everything that follows from a release follows from
 * these too.
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
    if (known === undefined) return none;
    if (known.version === '' && !known.declared) {
      this.models.set(model, { ...unknown, version, sinceMs: timeMs, lastMs: timeMs });
      return none;
    }
    if (known.version !== version) return this.answeredInstead(model, known, version, timeMs);
    if (known.unanswered && timeMs < known.sinceMs) return none;
    const goesOn = known.next !== null && timeMs >= known.next.sinceMs;
    if (goesOn || known.unanswered || timeMs >= known.lastMs + lastAnswerStepMs) {
      const lastMs = Math.max(known.lastMs, timeMs);
      const { unanswered, next } = known;
      if (unanswered || next !== null) this.models.set(model, { ...withoutUnanswered(known), lastMs, next: null });
      // Nearly every answer of a quiet model: a copy would take longer than all the rest.
      else this.models.change(model, () => known).lastMs = lastMs;
    }
    return none;
  }

  private answeredInstead(model: string, known: ModelServing, version: string, timeMs: number): readonly Event[] {
    // What comes late says nothing of who serves now.
    if (timeMs <= known.lastMs) return none;
    const before = known.next?.version === version ? known.next : { sinceMs: timeMs, answers: 0 };
    const sinceMs = Math.min(before.sinceMs, timeMs);
    const answers = before.answers + 1;
    const takeover = takeoverOf(known);
    // What was declared is not known: nothing else has answered since this version began to.
    const silentSinceMs = known.version === '' ? sinceMs : known.lastMs;
    if (takeover === null || answers < takeover.answers || timeMs - silentSinceMs <= takeover.silenceMs) {
      this.models.set(model, { ...known, next: { version, sinceMs, answers } });
      return none;
    }
    const { declared } = known;
    this.models.set(model, { ...unknown, declared, version, sinceMs, lastMs: timeMs, told: true, inferred: true });
    return [...first(model, known), deployment(model, version, sinceMs)];
  }

  /** A deployment event is taken. */
  deployed({ model, version, role, time, incident }: Deployment): DeploymentTaken {
    if (role !== Role.PRIMARY) return nothing;
    const known = this.models.get(model) ?? unknown;
    const timeMs = time === undefined ? 0 : timestampMs(time);
    if (known.version === version) {
      const { inferred: _, ...told } = known;
      const lastMs = Math.max(known.lastMs, timeMs);
      const next = known.next !== null && timeMs < known.next.sinceMs ? known.next : null;
      this.models.set(model, { ...told, declared: true, told: true, lastMs, next });
      return nothing;
    }
    if (known.inferred && timeMs < known.sinceMs && incident === '') {
      this.models.set(model, { ...known, declared: true });
      return { earlier: none, overtaken: true };
    }
    const rollback = incident !== '' && { rollback: true };
    const since = { version, sinceMs: timeMs, lastMs: timeMs, told: true, unanswered: true };
    this.models.set(model, { ...unknown, ...since, ...rollback, declared: true });
    return { earlier: first(model, known), overtaken: false };
  }

  takeChanges(into: Map<string, Uint8Array | null>): void {
    this.models.takeChanges(into);
  }
}

const none: readonly Event[] = [];
const nothing: DeploymentTaken = { earlier: none, overtaken: false };

function withoutUnanswered({ unanswered: _, ...known }: ModelServing): ModelServing {
  return known;
}

/** What it takes to serve in place of what serves; `null`: nothing does. A rollback's target is waited for. */
function takeoverOf({ declared, unanswered, rollback }: ModelServing): Takeover | null {
  if (!declared) return takeoverOfUndeclared;
  if (!unanswered) return takeoverOfDeclared;
  return rollback ? null : takeoverOfUnanswered;
}

const first = (model: string, { version, sinceMs, told }: ModelServing): readonly Event[] =>
  told || version === '' ? none : [deployment(model, version, sinceMs)];

function deployment(model: string, version: string, sinceMs: number): Event {
  const value = { model, version, role: Role.PRIMARY, time: timestampFromMs(sinceMs), by: inferredBy };
  return create(EventSchema, {
    id: `inferred/${model}/${version}/${sinceMs}`,
    kind: { case: 'deployment', value },
  });
}

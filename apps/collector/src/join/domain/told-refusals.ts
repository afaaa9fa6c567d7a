import type { DeadLetter } from '@moola/contracts/gen/moola/v1/dead_letters_pb';
import { topics } from '@moola/contracts/topics';
import type { Emitter, TaskContext } from '@moola/streams/processor/processor';
import { jsonEntry, KeyedState } from '@moola/streams/processor/keyed-state';
import type { Refused } from '../../receive/domain/refused.js';

/** Events that the join refuses although ingestion accepted them, for their dead letter. */
export interface JoinRefusal {
  readonly refused: Refused;
  /** Of the first of them. */
  readonly model: string;
  readonly id: string;
  readonly source: string;
  readonly atMs: number;
  /** How many they are. */
  readonly events: number;
  /** Tells the letter apart from all others. */
  readonly place: string;
}

/** Makes their dead letter: a pure function. */
export type RefusalLetter = (refusal: JoinRefusal) => DeadLetter;

/** One refused event. */
export type RefusedEvent = Pick<JoinRefusal, 'refused' | 'model' | 'id' | 'source'>;

/** What was refused for one reason (and of one model), and is told of together. */
interface Gathered {
  readonly toldAtMs: number;
  /** Since then. */
  readonly events: number;
  readonly first: RefusedEvent | null;
}

/** The first is told of at once, those that follow together. */
const togetherMs = 60_000;

/**
 * Tells of events that are refused after ingestion: a dead letter for the first, and one a minute that counts those that follow. So a
 * producer that gets every event wrong costs a letter a minute.
 */
export class ToldRefusals {
  private readonly gathered: KeyedState<Gathered>;

  constructor(
    entries: ReadonlyMap<string, Uint8Array>,
    private readonly letter: RefusalLetter | null,
    private readonly context: TaskContext,
  ) {
    this.gathered = new KeyedState('refused/', jsonEntry<Gathered>(1), entries);
  }

  /** @param group what is told of together */
  add(group: string, event: RefusedEvent, nowMs: number, emitter: Emitter): void {
    if (this.letter === null) return;
    const known = this.gathered.get(group);
    if (known !== undefined) {
      this.gathered.set(group, { ...known, events: known.events + 1, first: known.first ?? event });
      return;
    }
    this.gathered.set(group, { toldAtMs: nowMs, events: 0, first: null });
    this.tell(group, event, 1, nowMs, emitter);
  }

  tick(nowMs: number, emitter: Emitter): void {
    if (this.gathered.size === 0) return;
    for (const [group, { toldAtMs, events, first }] of this.gathered.entries()) {
      if (nowMs - toldAtMs < togetherMs) continue;
      if (first === null) {
        this.gathered.delete(group);
        continue;
      }
      this.gathered.set(group, { toldAtMs: nowMs, events: 0, first: null });
      this.tell(group, first, events, nowMs, emitter);
    }
  }

  takeChanges(into: Map<string, Uint8Array | null>): void {
    this.gathered.takeChanges(into);
  }

  private tell(group: string, event: RefusedEvent, events: number, nowMs: number, emitter: Emitter): void {
    const { environment, partition } = this.context;
    const { refused } = event;
    const more = events > 1 ? `; with it ${events - 1} more since the letter before` : '';
    const letter = this.letter?.({
      ...event,
      ...{ refused: { ...refused, detail: refused.detail + more }, atMs: nowMs, events },
      place: `${environment}/${partition}/${group}/${nowMs}`,
    });
    if (letter !== undefined)
      emitter.emit(topics.deadLetters, partition % emitter.partitionsOf(topics.deadLetters), letter);
  }
}

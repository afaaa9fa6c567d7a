import { DeadLetterReason, type DeadLetter } from '@moola/contracts/gen/moola/v1/dead_letters_pb';
import { sealBytes } from '@moola/platform/dead-letters/seal';
import type { TopicPartition } from '@moola/streams/ports/event-log';
import type { RowPlace } from '../read-model/follow.js';
import type { DeadLetterPageView, DeadLetterReasonName, DeadLetterView } from './views.js';

const reasonName: Readonly<Record<DeadLetterReason, DeadLetterReasonName>> = {
  [DeadLetterReason.UNSPECIFIED]: 'unspecified',
  [DeadLetterReason.MALFORMED]: 'malformed',
  [DeadLetterReason.INVALID_FIELD]: 'invalid-field',
  [DeadLetterReason.TIME_OUT_OF_RANGE]: 'time-out-of-range',
  [DeadLetterReason.POISON]: 'poison',
  [DeadLetterReason.TOO_MANY_MODELS]: 'too-many-models',
};

/** A dead letter that is known, and where the log holds it: payloads stay there. */
export interface KnownDeadLetter {
  readonly view: DeadLetterView;
  readonly at: TopicPartition;
  readonly place: RowPlace;
}

/** The dead letters of one environment by id; of too many, the newest. */
export class DeadLetterFold {
  private readonly known = new Map<string, KnownDeadLetter>();

  /** @param most how many are known at once */
  constructor(private readonly most = 10_000) {}

  take(letter: DeadLetter, at: TopicPartition, place: RowPlace): void {
    const { id, atMs, origin, detail, encoding } = letter;
    const times = (this.known.get(id)?.view.times ?? 0) + Math.max(1, letter.events);
    const size = Math.max(0, letter.sealed.length - sealBytes);
    // Deleted first, so that the order of the map is the order in which they came last.
    this.known.delete(id);
    this.known.set(id, {
      view: { id, atMs, times, origin, reason: reasonName[letter.reason], detail, encoding, size },
      at,
      place,
    });
    if (this.known.size <= this.most) return;
    for (const oldest of this.known.keys()) {
      this.known.delete(oldest);
      return;
    }
  }

  get(id: string): KnownDeadLetter | null {
    return this.known.get(id) ?? null;
  }

  /**
   * @param before the last id of the page before; `null`: the newest
   * @returns `null` when `before` is not known
   */
  page(limit: number, before: string | null): DeadLetterPageView | null {
    const newestFirst = [...this.known.values()].map(({ view }) => view).sort(byNewest);
    const start = before === null ? 0 : newestFirst.findIndex(({ id }) => id === before) + 1;
    if (before !== null && start === 0) return null;
    const deadLetters = newestFirst.slice(start, start + limit);
    const more = start + limit < newestFirst.length;
    return { total: this.known.size, deadLetters, next: more ? (deadLetters.at(-1)?.id ?? null) : null };
  }
}

function byNewest(a: DeadLetterView, b: DeadLetterView): number {
  return b.atMs - a.atMs || (a.id < b.id ? -1 : 1);
}

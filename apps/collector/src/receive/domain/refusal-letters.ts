import type { DeadLetter } from '@moola/contracts/gen/moola/v1/dead_letters_pb';
import type { RefusedRecord } from './refused-record.js';
import type { RefusedReason } from './refused.js';

/** So many refused events of one body or record get a dead letter each. */
const mostLetters = 100;

/** Refused events that share a letter. */
interface Fold {
  readonly first: RefusedRecord;
  events: number;
}

/**
 * The dead letters of one body or record: an event each, and from the hundredth on one a reason, which counts them. So what a
 * body costs to refuse is bounded, however many events it is made of.
 */
export class RefusalLetters {
  readonly letters: DeadLetter[] = [];
  private readonly folds = new Map<RefusedReason, Fold>();

  /** @param letter a pure function */
  constructor(private readonly letter: (refused: RefusedRecord) => DeadLetter) {}

  add(record: RefusedRecord): void {
    const { reason } = record.refused;
    const fold = this.folds.get(reason);
    if (this.letters.length < mostLetters) this.letters.push(this.letter(record));
    else if (fold === undefined) this.folds.set(reason, { first: record, events: 1 });
    else fold.events++;
  }

  /** All of them. */
  finish(): readonly DeadLetter[] {
    for (const { first, events } of this.folds.values()) {
      const { refused } = first;
      const detail = `${refused.detail}; with it ${events - 1} more of the same body are refused as ${refused.reason}, whose bytes are not kept`;
      const letter = this.letter(events === 1 ? first : { ...first, refused: { ...refused, detail } });
      letter.events = events;
      this.letters.push(letter);
    }
    this.folds.clear();
    return this.letters;
  }
}

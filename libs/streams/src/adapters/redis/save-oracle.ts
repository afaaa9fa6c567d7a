import type { AcquiredCheckpoint, SaveResult } from '../../ports/checkpoint-store.js';

/** A save that some owner has tried, and the state that it would make. */
export interface Attempt {
  readonly id: string;
  /** The state that it builds on; `null`: none. */
  readonly parent: Attempt | null;
  readonly sequence: number;
  readonly position: number;
  readonly state: ReadonlyMap<string, string>;
  /** How often the store had been set back when it was sent. */
  readonly setBacks: number;
  outcome: 'unknown' | SaveResult;
}

/** Entry in which each save writes its id. */
export const idEntry = 'id';

/**
 * Knows every save that was tried, and holds what is acquired against it: it is the state of one of them, exactly; of
 * none that was answered `fenced`; and it contains all that was acknowledged, but for what was set back.
 */
export class SaveOracle {
  readonly violations: string[] = [];
  acknowledged = 0;
  fenced = 0;
  private readonly attempts = new Map<string, Attempt>();
  private last: Attempt | null = null;
  private setBacks = 0;

  tries(parent: Attempt | null, position: number, changes: ReadonlyMap<string, string | null>): Attempt {
    const id = changes.get(idEntry) as string;
    const state = new Map(parent?.state);
    for (const [key, value] of changes) {
      if (value === null) state.delete(key);
      else state.set(key, value);
    }
    const sequence = (parent?.sequence ?? 0) + 1;
    const attempt: Attempt = { id, parent, sequence, position, state, setBacks: this.setBacks, outcome: 'unknown' };
    this.attempts.set(id, attempt);
    return attempt;
  }

  answered(attempt: Attempt, result: SaveResult): void {
    attempt.outcome = result;
    if (!result.saved) {
      this.fenced++;
      return;
    }
    this.acknowledged++;
    if (result.sequence !== attempt.sequence)
      this.violations.push(`${attempt.id} was acknowledged as sequence ${result.sequence}, not ${attempt.sequence}`);
    if (attempt.setBacks !== this.setBacks || (this.last !== null && contains(this.last, attempt))) return;
    if (this.last !== null && !contains(attempt, this.last))
      this.violations.push(`${attempt.id} was acknowledged, and ${this.last.id}, which it does not build on`);
    this.last = attempt;
  }

  /** What is acquired, as one of the saves. */
  acquired({ checkpoint }: AcquiredCheckpoint): Attempt | null {
    const found =
      checkpoint && new Map([...checkpoint.entries].map(([key, value]) => [key, Buffer.from(value).toString()]));
    const attempt = this.attempts.get(found?.get(idEntry) ?? '') ?? null;
    const what = attempt?.id ?? 'nothing';
    if (found && !attempt) this.violations.push('a checkpoint that nobody has saved');
    if (attempt && found) {
      if (attempt.outcome !== 'unknown' && !attempt.outcome.saved) this.violations.push(`${what} was answered fenced`);
      if (checkpoint.sequence !== attempt.sequence || checkpoint.position !== attempt.position)
        this.violations.push(`${what} has another sequence or position`);
      const isSame =
        found.size === attempt.state.size && [...found].every(([key, value]) => attempt.state.get(key) === value);
      if (!isSame) this.violations.push(`${what} has other entries than were saved`);
    }
    if (this.last !== null && (attempt === null || !contains(attempt, this.last)))
      this.violations.push(`${what} was acquired, but ${this.last.id} had been acknowledged`);
    return attempt;
  }

  /** To be called when what is acknowledged now is in a snapshot; the answer is to be called when that is put back. */
  snapshot(): () => void {
    const { last } = this;
    return () => {
      this.last = last;
      this.setBacks++;
    };
  }
}

/** Whether a state is another or was built on it. */
function contains(attempt: Attempt, other: Attempt): boolean {
  let at: Attempt | null = attempt;
  while (at !== null && at !== other && at.sequence > other.sequence) at = at.parent;
  return at === other;
}

import type { ModelState } from './model-state.js';

/** So many models of a partition are published a second, of stream time: what that costs is bounded, however many there are. */
const turnsPerSecond = 100;

/**
 * In which order models are published: those that have waited the longest first, by name those that have waited alike. A
 * partition with few models never lets one wait. Alerts and budgets take no turns: they are never late.
 */
export class PublicationTurns {
  private waiting: ModelState[] = [];
  private next = 0;

  /** @param models in order of names; those that wait already keep their place */
  add(models: readonly ModelState[], tickMs: number): void {
    const before = this.waiting.length;
    const last = before > this.next ? this.waiting[before - 1] : undefined;
    // Asked before any is marked: a tick may come twice.
    const sameTick = last?.record.waitingSinceMs === tickMs;
    for (const model of models) {
      if (model.record.waitingSinceMs !== null) continue;
      model.record.waitingSinceMs = tickMs;
      this.waiting.push(model);
    }
    // As after a restart, those that wait alike stand in order of names.
    if (sameTick && this.waiting.length > before) this.restore(this.waiting.slice(this.next).sort(byName));
  }

  /**
   * Takes out those whose turn it is.
   * @param elapsedMs since turns were taken last: a replay, which goes by minutes or days, makes nobody wait
   */
  take(elapsedMs: number): ModelState[] {
    const turns = Math.max(1, Math.floor((elapsedMs / 1000) * turnsPerSecond));
    const taken = this.waiting.slice(this.next, this.next + turns);
    for (const model of taken) model.record.waitingSinceMs = null;
    this.next += taken.length;
    if (this.next * 2 > this.waiting.length) {
      this.waiting = this.waiting.slice(this.next);
      this.next = 0;
    }
    return taken;
  }

  /** @param models in order of names, as a checkpoint has them */
  restore(models: readonly ModelState[]): void {
    const since = ({ record }: ModelState): number => record.waitingSinceMs as number;
    this.next = 0;
    this.waiting = models.filter(({ record }) => record.waitingSinceMs !== null).sort((a, b) => since(a) - since(b));
  }
}

function byName(a: ModelState, b: ModelState): number {
  return a.name < b.name ? -1 : 1;
}

import type { Offer } from './domain/offer.js';
import type { Answers, Door } from './door.js';

/** A door that can be handed on before the log has answered: until then it takes nothing, and says so at once. */
export class LateDoor implements Pick<Door, 'append'> {
  private door: Door | null = null;

  /** @param why the log has not answered, for whoever stands before the door */
  constructor(private readonly why: () => string | null) {}

  is(door: Door): void {
    this.door = door;
  }

  async append(offers: readonly Offer[], nowMs: number): Promise<Answers> {
    if (this.door !== null) return this.door.append(offers, nowMs);
    return { kind: 'unavailable', detail: `${this.why() ?? 'it is starting'}; send the same events again later` };
  }
}

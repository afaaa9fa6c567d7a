import { jsonEntry, KeyedState } from '@moola/streams/processor/keyed-state';
import type { Horizons } from './horizons.js';

/**
 * Counts the models of one partition that send events and that nobody declared. Each name costs memory in every service, so a producer
 * that writes ids into it must not fill them. A model that was declared once stays so here.
 */
export class UndeclaredModels {
  /** Models of which only other events than predictions and outcomes have come: the horizons know the rest. */
  private readonly others: KeyedState<true>;
  private count = 0;

  constructor(
    entries: ReadonlyMap<string, Uint8Array>,
    private readonly horizons: Horizons,
    private readonly most: number,
  ) {
    this.others = new KeyedState('named/', jsonEntry<true>(1), entries);
    for (const model of [...horizons.names(), ...this.others.keys()]) if (!horizons.isDefined(model)) this.count++;
  }

  /** Whether one more event of the model is taken from a producer that hears no answer. */
  admits(model: string): boolean {
    return this.count < this.most || this.isKnown(model) || this.horizons.isDefined(model);
  }

  /** An event of the model is taken. @param held its time decides how long the model's events are held */
  taken(model: string, held: 'by its horizon' | 'by itself'): void {
    const isNew = !this.isKnown(model);
    if (held === 'by its horizon') this.others.delete(model);
    else if (isNew) this.others.set(model, true);
    if (isNew && !this.horizons.isDefined(model)) this.count++;
  }

  /** Before the horizons hear of it. */
  define(model: string): void {
    if (this.isKnown(model) && !this.horizons.isDefined(model)) this.count--;
  }

  takeChanges(into: Map<string, Uint8Array | null>): void {
    this.others.takeChanges(into);
  }

  private isKnown(model: string): boolean {
    return this.horizons.knows(model) || this.others.has(model);
  }
}

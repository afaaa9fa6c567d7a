import type { InfrastructureState } from '@moola/contracts/gen/moola/v1/signals_pb';

/** Names of definitions that are long gone may be among those that are kept. */
const most = 1000;

/** How asking for each definition of kind Infrastructure goes, as the collector said last. */
export class InfrastructureFold {
  private readonly states = new Map<string, InfrastructureState>();

  take(state: InfrastructureState): void {
    const { definition } = state;
    const before = this.states.get(definition);
    // Whoever asked before may still have had something to say.
    if (before !== undefined && state.version < before.version) return;
    this.states.delete(definition);
    this.states.set(definition, state);
    for (const [oldest] of this.states) {
      if (this.states.size <= most) return;
      this.states.delete(oldest);
    }
  }

  /** `undefined`: nobody has asked for this version yet. */
  of(definition: string, version: number): InfrastructureState | undefined {
    const state = this.states.get(definition);
    return state?.version === version ? state : undefined;
  }
}

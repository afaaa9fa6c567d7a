import type { RefusalLetter } from './told-refusals.js';

/** What a join goes by beside its rows. The same in every instance, or they would decide differently. */
export interface JoinSettings {
  /** So many models that nobody declared, a partition, may send events by `telemetry`. */
  readonly mostUndeclaredModels: number;
  /** Makes the dead letters of what ingestion accepted and the join refuses: a pure function. `null`: there are none. */
  readonly letter: RefusalLetter | null;
}

export const lenientJoin: JoinSettings = { mostUndeclaredModels: Infinity, letter: null };

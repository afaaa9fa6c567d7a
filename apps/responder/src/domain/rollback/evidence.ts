import type { PairedComparison } from '@moola/contracts/gen/moola/v1/signals_pb';
import type { BudgetState } from '@moola/contracts/gen/moola/v1/snapshots_pb';

/** What is known of a model's versions when a rollback is considered. */
export interface Evidence {
  readonly serving: string;
  /** When each version last began to serve, milliseconds since the epoch. */
  readonly began: ReadonlyMap<string, number>;
  /** Versions that a rollback has left, whichever incident asked for it. */
  readonly rolledBackFrom: ReadonlySet<string>;
  budget(version: string): BudgetState | undefined;
  /** The standing comparison of two versions on what was predicted since `serving` began to serve. */
  comparison(version: string, other: string): PairedComparison | undefined;
}

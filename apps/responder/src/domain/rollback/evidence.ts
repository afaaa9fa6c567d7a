import type { PairedComparison } from '@moola/contracts/gen/moola/v1/signals_pb';
import type { BudgetState } from '@moola/contracts/gen/moola/v1/snapshots_pb';

/** What is known of a model's versions when a rollback is considered for an incident. */
export interface Evidence {
  readonly nowMs: number;
  readonly serving: string;
  /** When the version that serves began to, milliseconds since the epoch; 0 when no deployment has said so. */
  readonly servingSinceMs: number;
  /** The metric of the gate that opened the incident. */
  readonly metric: string;
  /** Samples that the gate asks for; 0 where that is not known. */
  readonly minimumSamples: number;
  /** Pairs that a bound asks for; 0 where that is not known. */
  readonly minimumPairs: number;
  /** Over which the budget is judged: what is older than this is not recent. */
  readonly windowMs: number;
  /** Every version of the model that is known, by name. */
  readonly versions: readonly string[];
  /** When each version last began to serve, milliseconds since the epoch. */
  readonly began: ReadonlyMap<string, number>;
  /** Versions that a rollback has left, whichever incident asked for it. */
  readonly rolledBackFrom: ReadonlySet<string>;
  budget(version: string): BudgetState | undefined;
  /** Since when the gate of `metric` has too few samples of the version; `null` while it has enough. */
  tooFewSinceMs(version: string): number | null;
  /** The standing comparison of two versions on what was predicted since `serving` began to serve. */
  comparison(version: string, other: string): PairedComparison | undefined;
}

import type { InstallationKey } from '@moola/platform/dead-letters/seal';
import type { InfrastructureOptions } from './infrastructure/infrastructure-options.js';
import type { RememberedModels } from './join/remembered-models.js';
import type { ReceiveCounts } from './receive/domain/receive-settings.js';
import type { RefusedReason } from './receive/domain/refused.js';
import type { AnonymisationKey } from './receive/identifier-hash.js';

export const collectorOptions = Symbol('collector options');

/** What the collector's processors need of their process. The same in every instance, or they would decide differently. */
export interface CollectorOptions {
  /** Seals the original bytes of what is refused. */
  readonly key: InstallationKey;
  /** Replaces identifiers before anything is stored. Off by default. */
  readonly anonymisation?: AnonymisationKey;
  /**
   * Older events are refused, in milliseconds.
   * @default 2678400000 (31 days)
   */
  readonly horizonMs?: number;
  /** For a door in the same process, which can then refuse what would be dropped as too late. */
  readonly remembered?: RememberedModels;
  /** Where events come from producers at this moment; absent in a replay. */
  readonly fromOutside?: {
    /** So many models that nobody declared, a partition of `intake`, may send events by `telemetry`. */
    readonly mostUndeclaredModels: number;
    /** Hears of events that ingestion accepted and the join refuses, and why; for metrics. */
    readonly refusedByJoin?: (reason: RefusedReason, events: number) => void;
  };
  /** Asks Prometheus servers how instances are. By default nobody is asked, nor ever in a replay. */
  readonly infrastructure?: InfrastructureOptions;
  /** Hears how many events came from foreign producers; for metrics. */
  readonly counted?: (counts: ReceiveCounts) => void;
  /** Hears for what each event that becomes a dead letter was refused; for metrics. */
  readonly refusedFor?: (reason: RefusedReason) => void;
}

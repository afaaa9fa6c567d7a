import { observationViews } from '@moola/contracts/observations-codec';
import { topics } from '@moola/contracts/topics';
import type { ObservationRow } from '@moola/contracts/rows';
import type { Processor } from '@moola/streams/processor/processor';
import type { Published } from './snapshots/publisher.js';
import { TrackerState } from './tracker-state.js';

export interface TrackerSettings {
  /**
   * Windows that every model has beside those of its budget and its rules, in milliseconds.
   * @default 1 minute, 5 minutes, 1 hour, 24 hours
   */
  readonly windowsMs: readonly number[];
  /** Who reads the snapshots. @default 'everything' */
  readonly published?: Published;
}

export const defaultSettings: TrackerSettings = { windowsMs: [60_000, 300_000, 3_600_000, 86_400_000] };

/**
 * Turns observations into windows, budget states and alerts. It evaluates at ticks only, and only those models to which
 * something happened or for which something is due: an idle model costs nothing.
 */
export function createTracker(settings: TrackerSettings = defaultSettings): Processor<ObservationRow> {
  return {
    name: 'tracker',
    input: { ...topics.observations, codec: observationViews },
    outputs: [topics.snapshots, topics.signals],
    restore: (entries, { life }) => new TrackerState(entries, settings.windowsMs, life, settings.published),
  };
}

import type { EventLog } from './event-log.js';

/** A log that a suite may use as it likes. Topic names are new in each test, so that it may be shared. */
export interface EventLogUnderTest {
  readonly log: EventLog;
  /** Applies retention now, or waits until the adapter has. Called until it shows, so it may do one step. */
  enforceRetention(): Promise<void>;
  /** Closes the log and removes what it leaves. */
  end(): Promise<void>;
}

import { performance, type EventLoopUtilization } from 'node:perf_hooks';

/** Above this share of its time the event loop is busy: others wait for it. */
const busyAbove = 0.9;
/** While it is busy, history rests for so many times as long as it worked. */
const restsFor = 4;
const longestRestMs = 500;

/** How long history should rest so that ingestion, alerts and answers come first. */
export class GiveWay {
  private before: EventLoopUtilization = performance.eventLoopUtilization();

  /** @param workedMs since the last call */
  restMs(workedMs: number): number {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, this.before);
    this.before = now;
    return utilization > busyAbove ? Math.min(longestRestMs, workedMs * restsFor) : 0;
  }
}

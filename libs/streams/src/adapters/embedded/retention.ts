import type { CommitQueue } from './commit-queue.js';
import type { TopicCatalog } from './topic-catalog.js';

/** Chunks that one step removes from one partition. Small, so that appends never wait long behind it. */
const stepChunks = 256;

/** Removes what has outlived its topic's retention, in the background, in small steps. */
export class Retention {
  private readonly timer: NodeJS.Timeout;
  private round: Promise<void> | null = null;
  private closing = false;

  constructor(
    private readonly catalog: TopicCatalog,
    private readonly queue: CommitQueue,
    everyMs: number,
    onError: (error: unknown) => void,
  ) {
    this.timer = setInterval(() => void this.enforce().catch(onError), everyMs);
    this.timer.unref();
  }

  /** Resolves when nothing is left that may go. */
  enforce(): Promise<void> {
    this.round ??= this.sweep().finally(() => (this.round = null));
    return this.round;
  }

  async close(): Promise<void> {
    this.closing = true;
    clearInterval(this.timer);
    await this.round?.catch(() => undefined);
  }

  private async sweep(): Promise<void> {
    for (const { settings, partitions } of this.catalog.all()) {
      const bytes = settings.retentionBytes ?? Infinity;
      const olderThanMs = settings.retentionMs === null ? -Infinity : Date.now() - settings.retentionMs;
      for (const partition of partitions) {
        while (!this.closing && partition.hasExpired(olderThanMs, bytes)) {
          await this.queue.submit({
            origin: 'housekeeping',
            bytes: 0,
            plan: (commit) => partition.trim(olderThanMs, bytes, stepChunks, commit),
          });
        }
      }
    }
  }
}

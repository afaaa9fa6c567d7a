import { statfs } from 'node:fs/promises';

/** A measurement of free space is used for this long. */
const validMs = 1000;

/** Keeps requests from taking the last space on a disk: what is inside needs it to be worked off. */
export class FreeSpace {
  private measuredAt = -Infinity;
  private measurement: Promise<number> = Promise.resolve(Infinity);
  private lastFree = Infinity;

  constructor(
    readonly folder: string,
    private readonly reserveBytes: number,
  ) {}

  /** True while more is free than what is reserved for the inside. */
  async suffices(): Promise<boolean> {
    if (this.reserveBytes === 0) return true;
    await this.measure();
    return this.lastFree > this.reserveBytes;
  }

  /** What was measured last, without waiting; asking for it measures again. */
  sufficed(): boolean {
    // Where it cannot be measured, an append says so.
    void this.measure().catch(() => undefined);
    return this.lastFree > this.reserveBytes || this.reserveBytes === 0;
  }

  private async measure(): Promise<void> {
    const now = performance.now();
    if (now - this.measuredAt > validMs) {
      this.measuredAt = now;
      this.measurement = statfs(this.folder).then(({ bavail, bsize }) => bavail * bsize);
    }
    this.lastFree = await this.measurement;
  }
}

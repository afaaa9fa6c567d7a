/** What a process says of itself. */
export interface HealthReport {
  readonly healthy: boolean;
  /** A sentence per part. */
  readonly parts: Readonly<Record<string, string>>;
}

/** Gathers what the parts of a process say: alive (`/healthz`) and ready (`/readyz`). */
export class Health {
  private readonly failures = new Map<string, string>();
  private readonly unready = new Map<string, string>();

  /** A part has ended for good: liveness fails from now on. */
  failed(part: string, error: unknown): void {
    this.failures.set(part, error instanceof Error ? error.message : String(error));
  }

  /** The part is not ready yet, and why. */
  notReady(part: string, reason: string): void {
    this.unready.set(part, reason);
  }

  ready(part: string): void {
    this.unready.delete(part);
  }

  liveness(): HealthReport {
    return { healthy: this.failures.size === 0, parts: Object.fromEntries(this.failures) };
  }

  readiness(): HealthReport {
    const parts = { ...Object.fromEntries(this.failures), ...Object.fromEntries(this.unready) };
    return { healthy: Object.keys(parts).length === 0, parts };
  }
}

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
  private readonly watched = new Map<string, () => string | null>();
  private readonly remarked = new Map<string, () => string | null>();

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

  /** Asks a part whenever it is asked itself. @param reason why the part is not ready; `null` when it is */
  watch(part: string, reason: () => string | null): void {
    this.watched.set(part, reason);
  }

  /** What is to be said of a part, though the process is ready without it. @param remark `null` when there is nothing to say */
  remark(part: string, remark: () => string | null): void {
    this.remarked.set(part, remark);
  }

  liveness(): HealthReport {
    return { healthy: this.failures.size === 0, parts: Object.fromEntries(this.failures) };
  }

  readiness(): HealthReport {
    const parts: Record<string, string> = Object.fromEntries([...this.failures, ...this.unready]);
    for (const [part, reason] of this.watched) {
      const why = reason();
      if (why !== null) parts[part] = why;
    }
    const healthy = Object.keys(parts).length === 0;
    for (const [part, remark] of this.remarked) {
      const said = remark();
      if (said !== null) parts[part] ??= said;
    }
    return { healthy, parts };
  }
}

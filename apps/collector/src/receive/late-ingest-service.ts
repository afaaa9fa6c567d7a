import type { SubmittedEvent } from './domain/submitted-event.js';
import type { Answers, IngestService } from './ingest-service.js';

/** Stands in until the log has answered: until then it accepts nothing, and answers at once why. */
export class LateIngestService implements Pick<IngestService, 'append'> {
  private ingest: IngestService | null = null;

  /** @param why the log has not answered, for the caller */
  constructor(private readonly why: () => string | null) {}

  is(ingest: IngestService): void {
    this.ingest = ingest;
  }

  async append(submittedEvents: readonly SubmittedEvent[], nowMs: number): Promise<Answers> {
    if (this.ingest !== null) return this.ingest.append(submittedEvents, nowMs);
    return { kind: 'unavailable', detail: `${this.why() ?? 'it is starting'}; send the same events again later` };
  }
}

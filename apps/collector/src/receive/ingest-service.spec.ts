import { describe, expect, it } from '@jest/globals';
import type { EventLog } from '@moola/streams/ports/event-log';
import type { SubmittedEvent } from './domain/submitted-event.js';
import { IngestService } from './ingest-service.js';

/** A log that keeps nothing. */
const log = {
  partitionCount: async () => 1,
  append: async () => undefined,
  flushed: async () => undefined,
} as unknown as EventLog;

describe('the door', () => {
  it('lets others have their turn while it takes a large body', async () => {
    const ingest = await IngestService.open({ log, environment: 'test', key: Buffer.alloc(32, 7), origin: 'http' });
    const original = { encoding: 'json', bytes: () => Buffer.from('{}') } as const;
    const submittedEvents = Array.from({ length: 20_000 }, (): SubmittedEvent => ({
      kind: 'json',
      value: {},
      where: '',
      original,
    }));
    let turns = 0;
    let done = false;
    const count = (): void => {
      turns++;
      if (!done) setImmediate(count);
    };
    setImmediate(count);
    const answered = await ingest.append(submittedEvents, 0);
    done = true;
    expect(answered).toMatchObject({ kind: 'answered', answers: { length: 20_000 } });
    expect(turns).toBeGreaterThanOrEqual(39);
  });
});

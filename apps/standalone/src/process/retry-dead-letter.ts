import type { DeadLetter } from '@moola/contracts/gen/moola/v1/dead_letters_pb';
import { formatOf } from '@moola/collector/ingest-http/read-body';
import type { SubmittedEvent } from '@moola/collector/receive/domain/submitted-event';
import type { IngestService } from '@moola/collector/receive/ingest-service';
import type { RetriedEventView } from '@moola/console/dead-letters/views';

/** Takes the original bytes of a dead letter in again, by the door by which they came. */
export async function retryDeadLetter(
  ingest: IngestService,
  letter: DeadLetter,
  payload: Uint8Array,
  nowMs: number,
): Promise<readonly RetriedEventView[]> {
  const read = submittedEventsOf(letter, Buffer.from(payload));
  if (typeof read === 'string') return [{ event: '#1', accepted: false, detail: read }];
  const result = await ingest.append(read, nowMs);
  if (result.kind !== 'answered') return [{ event: '#1', accepted: false, detail: result.detail }];
  return result.answers.map((answer, index) => ({
    event: answer.id === '' ? `#${index + 1}` : answer.id,
    accepted: answer.accepted,
    detail: answer.accepted ? '' : `${answer.refused.field} ${answer.refused.detail}`.trim(),
  }));
}

/** The events in it, or why they cannot be read. */
function submittedEventsOf(letter: DeadLetter, payload: Buffer): readonly SubmittedEvent[] | string {
  if (letter.encoding === 'json') {
    const read = formatOf('application/json')?.read(payload);
    return read?.ok ? read.submittedEvents : `the body ${read?.detail ?? 'cannot be read'}`;
  }
  // An event holds more than the field of which a batch consists.
  const batch = formatOf('application/x-protobuf')?.read(payload);
  return batch?.ok ? batch.submittedEvents : [{ kind: 'protobuf', bytes: payload }];
}

import type { DeadLetter } from '@moola/contracts/gen/moola/v1/dead_letters_pb';
import { formatOf } from '@moola/collector/ingest-http/read-body';
import type { Offer } from '@moola/collector/receive/domain/offer';
import type { Door } from '@moola/collector/receive/door';
import type { RetriedEventView } from '@moola/console/dead-letters/views';

/** Takes the original bytes of a dead letter in again, by the door by which they came. */
export async function retryDeadLetter(
  door: Door,
  letter: DeadLetter,
  payload: Uint8Array,
  nowMs: number,
): Promise<readonly RetriedEventView[]> {
  const read = offersOf(letter, Buffer.from(payload));
  if (typeof read === 'string') return [{ event: '#1', accepted: false, detail: read }];
  const result = await door.append(read, nowMs);
  if (result.kind !== 'answered') return [{ event: '#1', accepted: false, detail: result.detail }];
  return result.answers.map((answer, index) => ({
    event: answer.id === '' ? `#${index + 1}` : answer.id,
    accepted: answer.accepted,
    detail: answer.accepted ? '' : `${answer.refused.field} ${answer.refused.detail}`.trim(),
  }));
}

/** The events in it, or why they cannot be read. */
function offersOf(letter: DeadLetter, payload: Buffer): readonly Offer[] | string {
  if (letter.encoding === 'json') {
    const read = formatOf('application/json')?.read(payload);
    return read?.ok ? read.offers : `the body ${read?.detail ?? 'cannot be read'}`;
  }
  // An event holds more than the field of which a batch consists.
  const batch = formatOf('application/x-protobuf')?.read(payload);
  return batch?.ok ? batch.offers : [{ kind: 'protobuf', bytes: payload }];
}

import { DeadLetterReason, type DeadLetter } from '@moola/contracts/gen/moola/v1/dead_letters_pb';
import { deadLetter } from '@moola/platform/dead-letters/letters';
import type { InstallationKey } from '@moola/platform/dead-letters/seal';
import type { RefusedRecord } from './domain/refused-record.js';
import type { RefusedReason } from './domain/refused.js';

/** More of the original bytes is not kept in a letter. */
const mostOriginalBytes = 256 * 1024;

/** The reason of a dead letter. */
export const deadLetterReasons: Readonly<Record<RefusedReason, DeadLetterReason>> = {
  malformed: DeadLetterReason.MALFORMED,
  'invalid-field': DeadLetterReason.INVALID_FIELD,
  'time-out-of-range': DeadLetterReason.TIME_OUT_OF_RANGE,
  'too-many-models': DeadLetterReason.TOO_MANY_MODELS,
};

/** The dead letter of a refused event. Deterministic: what is refused again at the same place gives the same bytes. */
export function refusalLetter(
  key: InstallationKey,
  { original, refused, atMs, origin, place }: RefusedRecord,
): DeadLetter {
  const { reason, field, detail } = refused;
  const bytes = original.bytes();
  const kept = bytes.subarray(0, mostOriginalBytes);
  const cut = kept.length < bytes.length ? ` (the first ${kept.length} of ${bytes.length} bytes are kept)` : '';
  const content = {
    ...{ atMs, origin, encoding: original.encoding, original: kept },
    reason: deadLetterReasons[reason],
    detail: (field === '' ? detail : `${field} ${detail}`) + cut,
  };
  return deadLetter(key, content, place);
}

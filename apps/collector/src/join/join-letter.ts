import type { DeadLetter } from '@moola/contracts/gen/moola/v1/dead_letters_pb';
import { deadLetter } from '@moola/platform/dead-letters/letters';
import type { InstallationKey } from '@moola/platform/dead-letters/seal';
import { deadLetterReasons } from '../receive/refusal-letter.js';
import type { JoinRefusal } from './domain/told-refusals.js';

/**
 * The dead letter of what the join refuses. Its bytes are gone, and its identifiers are replaced already, so it cannot be sent again: it
 * holds the name of the first event that it stands for.
 */
export function joinLetter(
  key: InstallationKey,
  { refused, model, id, source, atMs, events, place }: JoinRefusal,
): DeadLetter {
  const { reason, field, detail } = refused;
  const content = {
    ...{ atMs, origin: 'collector/join', encoding: 'row' as const, reason: deadLetterReasons[reason] },
    ...{ detail: `${field} ${detail}`, original: Buffer.from(JSON.stringify({ model, id, source })) },
  };
  const letter = deadLetter(key, content, place);
  letter.events = events;
  return letter;
}

import { createHmac } from 'node:crypto';
import { create } from '@bufbuild/protobuf';
import { DeadLetterReason, DeadLetterSchema, type DeadLetter } from '@moola/contracts/gen/moola/v1/dead_letters_pb';
import { topics } from '@moola/contracts/topics';
import type { DeadLetters, PoisonedRow } from '@moola/streams/task/dead-letters';
import { seal, type InstallationKey } from './seal.js';

/** What could not be taken. */
export interface LetterContent {
  readonly atMs: number;
  /** "http", "telemetry", or a processor. */
  readonly origin: string;
  readonly reason: DeadLetterReason;
  /** What is wrong, where, and what to do. */
  readonly detail: string;
  /** Of the original bytes. */
  readonly encoding: 'json' | 'protobuf' | 'row';
  readonly original: Uint8Array;
}

/**
 * A dead letter, its original bytes sealed. The same content at the same origin and place has the same id. The id is open,
 * so it is a keyed hash: who guesses the original cannot try it out.
 * @param place where the original stands; empty for what stands nowhere.
 */
export function deadLetter(key: InstallationKey, content: LetterContent, place = ''): DeadLetter {
  const { original, ...said } = content;
  const hash = createHmac('sha256', key).update(said.origin).update('\0').update(place).update('\0').update(original);
  const id = hash.digest('hex').slice(0, 32);
  return create(DeadLetterSchema, { id, ...said, sealed: seal(key, id, original) });
}

/** The letters of rows that a processor could not apply. */
export function poisonLetters(key: InstallationKey): DeadLetters<DeadLetter> {
  return {
    topic: topics.deadLetters,
    letter: (row: PoisonedRow) => {
      const place = `${row.environment}/${row.processor}/${row.partition}/${row.offset}/${row.row}`;
      const content: LetterContent = {
        atMs: row.tickMs,
        origin: row.processor,
        reason: DeadLetterReason.POISON,
        detail: `partition ${row.partition}, offset ${row.offset}, row ${row.row} (${row.kind}): ${row.reason}`,
        encoding: row.kind === 'definition' ? 'protobuf' : 'row',
        original: row.bytes,
      };
      return deadLetter(key, content, place);
    },
  };
}

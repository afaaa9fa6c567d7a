import { BadRequestException } from '@nestjs/common';
import type { Subject } from '@moola/platform/auth/subject';

/** Who does something, for the record. */
export interface Actor {
  /** Empty where nobody said. */
  readonly name: string;
  /** False: a name that the sender wrote. */
  readonly authenticated: boolean;
}

/**
 * Who is authenticated; a name that somebody gives themselves counts only where nobody is.
 * @throws {BadRequestException} for another name than that of the token
 */
export function actorOf({ by, name }: Subject, declared: string | undefined): Actor {
  if (by === 'none') return { name: declared ?? '', authenticated: false };
  if (declared === undefined || declared === name) return { name, authenticated: true };
  throw new BadRequestException([
    `actor: "${declared}" is not taken: this token is known as ${name}, and that is who stands in the timeline; leave actor out`,
  ]);
}

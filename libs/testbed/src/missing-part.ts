import type { Checker } from './checkers.js';

export type Part =
  | ('Kafka' | 'Redis' | Checker | 'Helm 3' | 'Helm 4' | 'Kubernetes' | 'etcd' | 'kwok')
  | ('Docker engine' | 'busybox' | 'Python packages');

/** A real part cannot be had on this machine; the message names the command that gets it. */
export class MissingPart extends Error {
  override readonly name = 'MissingPart';

  /**
   * @param reason what was tried and how it ended
   * @param command what a person can type to get it
   */
  constructor(
    readonly part: Part,
    readonly reason: string,
    readonly command: string,
  ) {
    super(`${part} cannot be had here: ${reason}. To get it: ${command}`);
  }
}

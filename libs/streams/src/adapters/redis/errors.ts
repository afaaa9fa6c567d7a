/** What went wrong, by what can be done about it. */
export type RedisProblem =
  /** The settings cannot be used. */
  | 'settings'
  /** No server can be reached; the command was not sent. */
  | 'unreachable'
  /** The command was sent and its answer never came: it may have been carried out. */
  | 'answer-missing'
  /** User name or password are refused. */
  | 'password'
  /** The user may not do what is needed. */
  | 'permission'
  /** A replica, or a master that does not take writes at the moment. */
  | 'read-only'
  /** No memory or no disk left: nothing was written. */
  | 'full'
  /** A newer version of this program wrote the task. */
  | 'newer'
  /** Others acquired the task again and again at the same time. */
  | 'contended'
  /** The store was closed. */
  | 'closed'
  /** Redis answered with an error that nobody expected. */
  | 'unexpected';

const temporary = new Set<RedisProblem>([
  ...(['unreachable', 'answer-missing', 'password', 'permission', 'read-only', 'full', 'contended'] as const),
]);

/**
 * A command of the store failed. The message names the server, what was done and what to do; neither it nor any field
 * holds a secret or a command's arguments, as errors of ioredis do.
 */
export class RedisStoreError extends Error {
  override readonly name = 'RedisStoreError';
  constructor(
    readonly problem: RedisProblem,
    message: string,
  ) {
    super(message);
  }

  /** Whether it is worth waiting for the server, or for whoever looks after it. */
  get isTemporary(): boolean {
    return temporary.has(this.problem);
  }
}

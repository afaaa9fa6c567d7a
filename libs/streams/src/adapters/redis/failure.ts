import { RedisStoreError, type RedisProblem } from './errors.js';

/** What Redis or the connection said, and what that means. The first that matches holds. */
const meanings: readonly (readonly [said: RegExp, problem: RedisProblem, advice: string])[] = [
  [/WRONGPASS|NOAUTH|invalid password|without any password/i, 'password', 'check user name and password'],
  [
    /NOPERM|user executing the script can't|ACL failure|have no permission/i,
    'permission',
    'allow the user what `aclRule` lists',
  ],
  [/READONLY|MASTERDOWN/, 'read-only', 'give the address of the master, or of its sentinels'],
  [/NOREPLICAS/, 'read-only', 'the master waits for replicas (min-replicas-to-write): bring them back'],
  [/^OOM|MISCONF/, 'full', 'nothing was written: give the server memory or disk space'],
  [
    /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|isn't writeable|isn't ready|sentinels are unreachable|startup nodes|redirections|refresh slots cache|CLUSTERDOWN|LOADING/i,
    'unreachable',
    'check that the server runs and that its address is right',
  ],
  [
    /certificate|self.signed|SSL|TLS|altnames/i,
    'unreachable',
    'check that the server speaks TLS, and the certificates of the settings',
  ],
];

/**
 * An error of ioredis as one of ours. The original is not kept as a cause: it holds the command's arguments, passwords
 * among them.
 * @param doing such as `save moola.live/tracker/0`.
 * @param wasSent whether Redis may have carried the command out.
 */
export function failure(address: string, doing: string, error: unknown, wasSent: boolean): RedisStoreError {
  if (error instanceof RedisStoreError) return error;
  const said = saying(error);
  const where = `Redis at ${address}: cannot ${doing}`;
  const isAnswer = isError(error) && error.name === 'ReplyError';
  if (wasSent && !isAnswer)
    return new RedisStoreError('answer-missing', `${where}: no answer came (${said}); it may have been carried out`);
  const meaning = meanings.find(([pattern]) => pattern.test(said));
  if (meaning) return new RedisStoreError(meaning[1], `${where}: ${said}; ${meaning[2]}`);
  return new RedisStoreError(isAnswer ? 'unexpected' : 'unreachable', `${where}: ${said}`);
}

/** The message, and that of the node that a cluster's error is about. */
export function saying(error: unknown): string {
  if (!isError(error)) return String(error);
  if ('lastNodeError' in error && isError(error.lastNodeError))
    return `${error.message} (${error.lastNodeError.message})`;
  if ('errors' in error && Array.isArray(error.errors) && error.message === '')
    return error.errors.map(saying).join(', ');
  return error.message;
}

/** By its shape: an error may come from another realm. */
function isError(value: unknown): value is { readonly name: string; readonly message: string } {
  return typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string';
}

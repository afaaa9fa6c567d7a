import type { IncomingHttpHeaders } from 'node:http';
import { postOnce, type Post } from '@moola/platform/http/post-once';

/** What came back from a POST. */
export type PostResult =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly headers: IncomingHttpHeaders;
      /** Its first 64 KiB, with our own address taken out: it may be a secret, and some servers repeat it. */
      readonly body: string;
    }
  /** The peer has not seen the request. */
  | { readonly kind: 'not sent'; readonly detail: string }
  /** The peer may have seen the request, but gave no whole answer. */
  | { readonly kind: 'no answer'; readonly detail: string };

const longestAnswer = 64 * 1024;

/** One POST over a connection of its own. Follows no redirect. Never rejects. */
export async function post(message: Omit<Post, 'ca'>, signal: AbortSignal): Promise<PostResult> {
  const { url } = message;
  const answer = await postOnce(message, longestAnswer, signal);
  if (answer.kind === 'broken') {
    const detail = `${url.host}: ${signal.aborted ? 'no answer in time' : answer.reason}`;
    return { kind: answer.isConnected ? 'no answer' : 'not sent', detail };
  }
  return { ...answer, body: without(url, answer.body.subarray(0, longestAnswer).toString()) };
}

function without({ pathname, search }: URL, text: string): string {
  return pathname === '/' ? text : text.replaceAll(pathname + search, '…').replaceAll(pathname, '…');
}

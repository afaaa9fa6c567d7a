import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';

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

export interface Post {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const longestAnswer = 64 * 1024;

/**
 * One POST over a connection of its own, so that no connection that the peer has meanwhile closed makes it fail. Follows
 * no redirect. Never rejects.
 */
export function post({ url, headers, body }: Post, signal: AbortSignal): Promise<PostResult> {
  return new Promise((resolve) => {
    const isTls = url.protocol === 'https:';
    const bytes = Buffer.from(body);
    let isConnected = false;
    const broken = (error: Error & { code?: string }) => {
      const detail = `${url.host}: ${signal.aborted ? 'no answer in time' : (error.code ?? error.message)}`;
      resolve({ kind: isConnected ? 'no answer' : 'not sent', detail });
    };
    const request = (isTls ? httpsRequest : httpRequest)(url, {
      method: 'POST',
      agent: false,
      signal,
      headers: { 'user-agent': 'moola', 'content-length': bytes.length, ...headers },
    });
    request.on('socket', (socket) => socket.once(isTls ? 'secureConnect' : 'connect', () => (isConnected = true)));
    request.on('error', broken);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      let length = 0;
      const answered = () => {
        const text = Buffer.concat(chunks).subarray(0, longestAnswer).toString();
        resolve({
          kind: 'answered',
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: without(url, text),
        });
      };
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        length += chunk.length;
        if (length < longestAnswer) return;
        answered();
        request.destroy();
      });
      response.on('end', answered);
      response.on('error', broken);
    });
    request.end(bytes);
  });
}

function without({ pathname, search }: URL, text: string): string {
  return pathname === '/' ? text : text.replaceAll(pathname + search, '…').replaceAll(pathname, '…');
}

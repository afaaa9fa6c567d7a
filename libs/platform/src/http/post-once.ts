import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface Post {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Certificates in PEM that the peer's own is checked by, instead of those of the system. */
  readonly ca?: string;
}

/** What came back from a POST. */
export type PostAnswer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly headers: IncomingHttpHeaders;
      /** All of it, or at least the first `readAtMost` bytes. */
      readonly body: Buffer;
    }
  | {
      readonly kind: 'broken';
      /** The peer may have seen the request. */
      readonly isConnected: boolean;
      /** The peer had begun to answer. */
      readonly hasBegun: boolean;
      /** `ECONNREFUSED`, or what the error says. */
      readonly reason: string;
    };

/**
 * One POST over a connection of its own, so that no connection that the peer has meanwhile closed makes it fail. Follows
 * no redirect. Never rejects.
 * @param readAtMost of the answer, in bytes: once so many have come, the rest is not waited for
 */
export function postOnce(
  { url, headers, body, ca }: Post,
  readAtMost: number,
  signal: AbortSignal,
): Promise<PostAnswer> {
  return new Promise((resolve) => {
    const isTls = url.protocol === 'https:';
    const bytes = Buffer.from(body);
    let [isConnected, hasBegun] = [false, false];
    const broken = (error: Error & { code?: string }): void =>
      resolve({ kind: 'broken', isConnected, hasBegun, reason: error.code ?? error.message });
    const request = (isTls ? httpsRequest : httpRequest)(url, {
      ...{ method: 'POST', agent: false, signal, ...(ca !== undefined && { ca }) },
      headers: { 'user-agent': 'moola', 'content-length': bytes.length, ...headers },
    });
    request.on('socket', (socket) => socket.once(isTls ? 'secureConnect' : 'connect', () => (isConnected = true)));
    request.on('error', broken);
    request.on('response', (response) => {
      hasBegun = true;
      const chunks: Buffer[] = [];
      let length = 0;
      const answered = (): void =>
        resolve({
          kind: 'answered',
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks),
        });
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        length += chunk.length;
        if (length < readAtMost) return;
        answered();
        request.destroy();
      });
      response.on('end', answered);
      response.on('error', broken);
    });
    request.end(bytes);
  });
}

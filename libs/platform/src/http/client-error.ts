import type { Socket } from 'node:net';
import { STATUS_CODES } from 'node:http';
import { refusalBody, type Refusal, type RefusalReason } from './refusal.js';
import { securityHeaders } from './security-headers.js';

const refusals: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: { status: 431, reason: 'headers-too-large', message: 'the headers are too large' },
  ERR_HTTP_REQUEST_TIMEOUT: {
    ...{ status: 408, reason: 'too-slow' },
    message: 'the request did not arrive in time (MOOLA_REQUEST_TIMEOUT_MS): send smaller bodies',
  },
};
const notHttp: Refusal = { status: 400, reason: 'not-http', message: 'this is no HTTP request' };

/** Answers what is no HTTP request, or never became a whole one, and hangs up. */
export function answerClientError(
  error: Error & { readonly code?: string },
  socket: Socket,
  refused: (reason: RefusalReason) => void,
): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (socket.writable) {
    const { status, reason, message } = refusals[error.code ?? ''] ?? notHttp;
    refused(reason);
    const body = JSON.stringify(refusalBody(status, message));
    const headers = {
      ...securityHeaders,
      ...{ 'content-type': 'application/json; charset=utf-8', 'content-length': String(Buffer.byteLength(body)) },
      connection: 'close',
    };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
  }
  socket.destroySoon();
}

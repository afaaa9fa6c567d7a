import type { Socket } from 'node:net';
import { STATUS_CODES } from 'node:http';
import { refusalBody } from './refusal.js';
import { securityHeaders } from './security-headers.js';

const statuses: Readonly<Record<string, readonly [number, string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'the headers are too large'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'the request did not arrive in time (MOOLA_REQUEST_TIMEOUT_MS): send smaller bodies'],
};

/** Answers what is no HTTP request, or never became a whole one, and hangs up. */
export function answerClientError(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (socket.writable) {
    const [status, message] = statuses[error.code ?? ''] ?? [400, 'this is no HTTP request'];
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

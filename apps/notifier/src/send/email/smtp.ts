import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { AttemptResult } from '../channel.js';
import { oneLine } from '../limited-text.js';
import type { BuiltMessage } from './message.js';
import type { MailServer } from './settings.js';

export interface SmtpOptions {
  readonly server: MailServer;
  readonly encryption: 'required' | 'off';
  /** PEM of a private authority. */
  readonly authority: string | undefined;
}

interface SmtpError extends Error {
  /** The server's reply code, where it is the server that refused. */
  readonly responseCode?: number | undefined;
  /** Nodemailer's name for what failed. */
  readonly code?: string | undefined;
  /** The system's name for it, such as `ECONNREFUSED`. */
  readonly originalCode?: string | undefined;
}

/** The overall time is bounded by the signal; this bounds what would go on after it. */
const longestStepMs = 60_000;

/** Sends one message over a connection of its own. Never rejects. */
export function sendBySmtp(options: SmtpOptions, message: BuiltMessage, signal: AbortSignal): Promise<AttemptResult> {
  const { server, encryption, authority } = options;
  const where = `${server.host}:${server.port}`;
  return new Promise((resolve) => {
    let isSending = false;
    const connection = new SMTPConnection({
      host: server.host,
      port: server.port,
      secure: server.isImplicitTls,
      requireTLS: encryption === 'required' && !server.isImplicitTls,
      ignoreTLS: encryption === 'off',
      connectionTimeout: longestStepMs,
      greetingTimeout: longestStepMs,
      socketTimeout: longestStepMs,
      dnsTimeout: longestStepMs,
      socketCloseTimeout: 0,
      ...(authority === undefined ? {} : { tls: { ca: authority } }),
    });
    const settle = (result: AttemptResult) => {
      signal.removeEventListener('abort', outOfTime);
      resolve(result);
    };
    const broken = (error: SmtpError) => {
      connection.close();
      settle(isSending ? interrupted(where, error) : notBegun(where, error));
    };
    const outOfTime = () => broken(new Error('no answer in time'));
    const send = () => {
      isSending = true;
      connection.send(message.envelope, message.bytes, (error, info) => {
        if (error !== null) return broken(error);
        connection.quit();
        const rejected = info?.rejected ?? [];
        const refused = rejected.length === 0 ? '' : `; refused: ${rejected.join(', ')}`;
        settle({ outcome: 'delivered', detail: oneLine(`${info?.response ?? ''}${refused}`, 200) });
      });
    };
    connection.on('error', broken);
    if (signal.aborted) return outOfTime();
    signal.addEventListener('abort', outOfTime, { once: true });
    connection.connect((error) => {
      if (error) return broken(error);
      if (server.login === null) return send();
      connection.login({ credentials: server.login }, (failure) => (failure ? broken(failure) : send()));
    });
  });
}

/** No message was handed over: 5xx and what concerns TLS is final, anything else is worth another attempt. */
function notBegun(where: string, error: SmtpError): AttemptResult {
  const detail = explained(where, error);
  const isFinal =
    error.responseCode === undefined ? error.code === 'ETLS' || error.code === 'EAUTH' : error.responseCode >= 500;
  return isFinal ? { outcome: 'failed', detail } : { outcome: 'retryable', detail, retryAfterMs: 0 };
}

/** The message was being handed over: without the server's word nobody knows whether it has it. */
function interrupted(where: string, error: SmtpError): AttemptResult {
  const detail = explained(where, error);
  if (error.responseCode === undefined) return { outcome: 'unknown', detail };
  return error.responseCode >= 500 ? { outcome: 'failed', detail } : { outcome: 'retryable', detail, retryAfterMs: 0 };
}

function explained(where: string, { originalCode, message }: SmtpError): string {
  return oneLine(
    `${where}: ${originalCode === undefined || message.includes(originalCode) ? '' : `${originalCode} `}${message}`,
    300,
  );
}

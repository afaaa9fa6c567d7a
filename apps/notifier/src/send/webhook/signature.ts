import { createHash, createHmac } from 'node:crypto';

/** The headers of Standard Webhooks: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
export interface SignedHeaders {
  readonly 'webhook-id': string;
  readonly 'webhook-timestamp': string;
  readonly 'webhook-signature': string;
}

/**
 * Signs `id.timestamp.body` by HMAC-SHA256, once with each secret.
 * @param nowMs when this attempt is made
 */
export function signed(id: string, nowMs: number, body: string, secrets: readonly Buffer[]): SignedHeaders {
  const timestamp = String(Math.floor(nowMs / 1000));
  const signatures = secrets.map(
    (secret) => `v1,${createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64')}`,
  );
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}

/** The same for every attempt to tell one notification to one channel. A full stop would be the signature's own mark. */
export function webhookId(channel: string, notification: string): string {
  return `msg_${createHash('sha256').update(`${channel}\n${notification}`).digest('base64url').slice(0, 27)}`;
}

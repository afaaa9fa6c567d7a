import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { attemptsWith, intentFor, inWords, storyMs } from '../../story/attempts.js';
import { golden } from '../../story/golden.js';
import { HttpPeer } from '../../story/http-peer.js';
import { signed } from './signature.js';

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const newer = `whsec_${Buffer.alloc(24, 9).toString('base64')}`;

describe('webhook', () => {
  let peer: HttpPeer;

  beforeEach(async () => {
    peer = await HttpPeer.start({ status: 204 });
  });
  afterEach(() => peer.close());

  const attempts = () =>
    attemptsWith({
      MOOLA_CHANNEL_OPS_WEBHOOK_URL: `${peer.url}/in`,
      MOOLA_CHANNEL_OPS_WEBHOOK_SECRET: `${secret} ${newer}`,
    });

  it('posts the golden body, signed with each secret as a receiver checks it', async () => {
    expect(inWords(await attempts().perform(intentFor('webhook/ops')))).toBe('DELIVERED: HTTP 204');
    const { headers, body } = peer.requests[0] as (typeof peer.requests)[0];
    expect(JSON.parse(body)).toEqual(JSON.parse(golden('webhook.json')));
    expect(headers['webhook-timestamp']).toBe(String(storyMs / 1000));
    const content = `${headers['webhook-id'] as string}.${storyMs / 1000}.${body}`;
    const expected = [Buffer.alloc(32, 7), Buffer.alloc(24, 9)].map(
      (key) => `v1,${createHmac('sha256', key).update(content).digest('base64')}`,
    );
    expect(headers['webhook-signature']).toBe(expected.join(' '));
  });

  // From the specification's own test vectors (standard-webhooks, libraries/javascript/src/index.test.ts).
  it('signs as the specification does', () => {
    const key = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64');
    const { 'webhook-signature': signature } = signed(
      'msg_p5jXN8AQM9LWM0D4loKWxJek',
      1_614_265_330_000,
      '{"test": 2432232314}',
      [key],
    );
    expect(signature).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  it('keeps the id over attempts, and gives another notification another', async () => {
    const { perform } = attempts();
    peer.next({ status: 500 });
    expect(inWords(await perform(intentFor('webhook/ops')))).toBe('RETRYABLE: HTTP 500');
    await perform(intentFor('webhook/ops', { attempt: 2 }));
    await perform(intentFor('webhook/ops', { notification: 'another' }));
    const ids = peer.requests.map(({ headers }) => headers['webhook-id']);
    expect(ids[1]).toBe(ids[0]);
    expect(ids[2]).not.toBe(ids[0]);
    expect(ids[0]).toMatch(/^msg_[\w-]{27}$/);
  });

  it('is switched off by 410 Gone', async () => {
    const { perform } = attempts();
    peer.next({ status: 410 });
    expect(inWords(await perform(intentFor('webhook/ops')))).toBe('FAILED: HTTP 410');
    expect(inWords(await perform(intentFor('webhook/ops')))).toMatch(/^FAILED: .*switched off/);
    expect(peer.requests).toHaveLength(1);
  });

  it('follows no redirect', async () => {
    peer.next({ status: 307, headers: { location: '/elsewhere' } });
    expect(inWords(await attempts().perform(intentFor('webhook/ops')))).toBe(
      'FAILED: HTTP 307: redirects are not followed',
    );
    expect(peer.requests).toHaveLength(1);
  });
});

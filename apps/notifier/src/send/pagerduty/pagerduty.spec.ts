import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Clock } from '@moola/streams/ports/clock';
import { attemptsWith, intentFor, inWords, noticeFor, storyClock } from '../../story/attempts.js';
import { golden } from '../../story/golden.js';
import { HttpPeer, type PeerAnswer } from '../../story/http-peer.js';
import { PassingTime } from '../../story/passing-time.js';
import { pagerDutyEvent } from './payload.js';

const routingKey = '0123456789abcdef0123456789abcdef';

interface PagerDutyEvent {
  readonly event_action: string;
  readonly dedup_key: string;
  readonly payload?: { readonly summary: string; readonly severity: string };
}

describe('pagerduty', () => {
  let peer: HttpPeer;

  beforeEach(async () => {
    peer = await HttpPeer.start({ status: 202, body: '{"status":"success"}' });
  });
  afterEach(() => peer.close());

  const send = (intent = intentFor('pagerduty/on-call'), clock: Clock = storyClock) => {
    const environment = {
      MOOLA_CHANNEL_ON_CALL_PAGERDUTY_ROUTING_KEY: routingKey,
      MOOLA_CHANNEL_ON_CALL_PAGERDUTY_URL: peer.url,
    };
    return attemptsWith(environment, { clock }).perform(intent);
  };

  it.each(['trigger', 'acknowledge', 'resolve', 'note'])('posts the golden event for "%s"', async (eventAction) => {
    expect(inWords(await send(intentFor('pagerduty/on-call', { eventAction })))).toBe('DELIVERED: accepted');
    expect(peer.requests[0]).toMatchObject({ method: 'POST', path: '/v2/enqueue' });
    expect(JSON.parse(peer.requests[0]?.body ?? '')).toEqual(JSON.parse(golden(`pagerduty-${eventAction}.json`)));
  });

  it.each<[said: string, answer: PeerAnswer, result: string]>([
    ['400', { status: 400, body: '{"errors":["x"]}' }, 'FAILED: HTTP 400: {"errors":["x"]}'],
    ['429', { status: 429, headers: { 'retry-after': '2' } }, 'RETRYABLE after 2000 ms: HTTP 429'],
    ['503', { status: 503 }, 'RETRYABLE: HTTP 503'],
    ['another success', { status: 200, body: 'hi' }, 'FAILED: HTTP 200: hi (expected HTTP 202)'],
  ])('understands %s', async (_, answer, result) => {
    peer.next(answer);
    expect(inWords(await send())).toBe(result);
  });

  it('asks once more under the same key when no answer came, since PagerDuty folds repetitions', async () => {
    peer.next('close');
    expect(inWords(await send())).toBe('DELIVERED: accepted');
    expect(peer.requests.map(({ body }) => body)).toEqual([peer.requests[0]?.body, peer.requests[0]?.body]);
  });

  it('does not know what became of it when there is no answer twice', async () => {
    peer.next('hang', 'hang');
    const time = new PassingTime();
    const attempt = send(undefined, time);
    for (const requests of [1, 2]) {
      await peer.received(requests);
      time.pass();
    }
    expect(inWords(await attempt)).toMatch(/^UNKNOWN: .* no answer in time$/);
    expect(peer.requests).toHaveLength(2);
  });

  it.each([
    ['info', 'info'],
    ['warning', 'warning'],
    ['critical', 'critical'],
    ['emergency', 'critical'],
    ['unspecified', 'error'],
  ])('calls %s %s', (severity, expected) => {
    const event = pagerDutyEvent(noticeFor('pagerduty/on-call', { severity }), routingKey) as PagerDutyEvent;
    expect(event.payload?.severity).toBe(expected);
  });

  it('keeps to the limits of the key and the summary', () => {
    const long = { dedupKey: 'k'.repeat(300), title: `${'t'.repeat(1022)}🙂🙂` };
    const event = pagerDutyEvent(noticeFor('pagerduty/on-call', long), routingKey) as PagerDutyEvent;
    const other = pagerDutyEvent(
      noticeFor('pagerduty/on-call', { dedupKey: 'k'.repeat(301) }),
      routingKey,
    ) as PagerDutyEvent;
    expect(event.dedup_key).toHaveLength(255);
    expect(event.dedup_key).not.toBe(other.dedup_key);
    expect(event.payload?.summary).toBe(`${'t'.repeat(1022)}…`);
  });
});

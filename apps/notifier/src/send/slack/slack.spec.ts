import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Clock } from '@moola/streams/ports/clock';
import { attemptsWith, intentFor, inWords, noticeFor, storyClock } from '../../story/attempts.js';
import { golden } from '../../story/golden.js';
import { HttpPeer, type PeerAnswer } from '../../story/http-peer.js';
import { PassingTime } from '../../story/passing-time.js';
import { slackPayload } from './payload.js';

interface Payload {
  readonly text: string;
  readonly blocks: readonly { readonly type: string; readonly text?: { readonly text: string } }[];
}

/** A message without anything to open. */
const bare = (fields: Parameters<typeof noticeFor>[1]) => ({
  ...noticeFor('slack/team', { runbook: '', ...fields }),
  url: '',
});

describe('slack', () => {
  let peer: HttpPeer;

  beforeEach(async () => {
    peer = await HttpPeer.start({ status: 200, body: 'ok' });
  });
  afterEach(() => peer.close());

  const send = (clock: Clock = storyClock) => {
    const environment = { MOOLA_CHANNEL_TEAM_SLACK_URL: `${peer.url}/services/T0/B0/secret` };
    return attemptsWith(environment, { clock }).perform(intentFor('slack/team'));
  };

  it('posts the golden payload and takes "ok" for delivered', async () => {
    expect(inWords(await send())).toBe('DELIVERED: ok');
    const [request] = peer.requests;
    expect(request).toMatchObject({ method: 'POST', path: '/services/T0/B0/secret' });
    expect(request?.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(JSON.parse(request?.body ?? '')).toEqual(JSON.parse(golden('slack.json')));
  });

  it.each<[said: string, answer: PeerAnswer, result: string]>([
    ['429 with seconds', { status: 429, headers: { 'retry-after': '7' } }, 'RETRYABLE after 7000 ms: HTTP 429'],
    [
      '429 with a date',
      { status: 429, headers: { 'retry-after': 'Fri, 27 Jun 2008 14:03:39 GMT' } },
      'RETRYABLE after 30000 ms: HTTP 429',
    ],
    ['429 without a time', { status: 429, headers: { 'retry-after': 'soon' } }, 'RETRYABLE: HTTP 429'],
    ['500', { status: 500, body: 'oops' }, 'RETRYABLE: HTTP 500: oops'],
    ['404', { status: 404, body: 'no_team\n' }, 'FAILED: HTTP 404: no_team'],
    ['a redirect', { status: 302, headers: { location: '/x' } }, 'FAILED: HTTP 302: redirects are not followed'],
    ['a page of a proxy', { status: 200, body: '<html>' }, 'FAILED: HTTP 200: <html> (expected "ok")'],
    ['ok as JSON', { status: 200, body: '{"ok":true}' }, 'DELIVERED: ok'],
    ['ok with a line end', { status: 200, body: 'ok\n' }, 'DELIVERED: ok'],
    ['ok behind other keys (Zulip)', { status: 200, body: '{"result":"success","msg":"","ok":true}' }, 'DELIVERED: ok'],
    ['success (Rocket.Chat)', { status: 200, body: '{"success":true}' }, 'DELIVERED: ok'],
    ['success behind others', { status: 201, body: '\n{ "id": [1], "success" : true }\n' }, 'DELIVERED: ok'],
    ['no success', { status: 200, body: '{"success":false}' }, 'FAILED: HTTP 200: {"success":false} (expected "ok")'],
    [
      'a refusal that also says true',
      { status: 200, body: '{"success":true,"ok":false}' },
      'FAILED: HTTP 200: {"success":true,"ok":false} (expected "ok")',
    ],
    [
      'an ok inside something else',
      { status: 200, body: '{"error":{"ok":true}}' },
      'FAILED: HTTP 200: {"error":{"ok":true}} (expected "ok")',
    ],
    ['"true" in quotes', { status: 200, body: '{"ok":"true"}' }, 'FAILED: HTTP 200: {"ok":"true"} (expected "ok")'],
    ['null', { status: 200, body: 'null' }, 'FAILED: HTTP 200: null (expected "ok")'],
    ['nothing', { status: 200, body: '' }, 'FAILED: HTTP 200 (expected "ok")'],
    [
      'an error with 200',
      { status: 200, body: '{"ok":false,"error":"x"}' },
      'FAILED: HTTP 200: {"ok":false,"error":"x"} (expected "ok")',
    ],
    ['its own address', { status: 404, body: 'Cannot POST /services/T0/B0/secret' }, 'FAILED: HTTP 404: Cannot POST …'],
  ])('understands %s', async (_, answer, result) => {
    peer.next(answer);
    expect(inWords(await send())).toBe(result);
    expect(peer.requests).toHaveLength(1);
  });

  it.each<PeerAnswer>(['close', 'garbage', 'half a body'])(
    'does not know what became of it when the peer answers with "%s", and does not send it twice',
    async (answer) => {
      peer.next(answer);
      expect(inWords(await send())).toMatch(/^UNKNOWN: 127\.0\.0\.1:\d+: /);
      expect(peer.requests).toHaveLength(1);
    },
  );

  it('does not know what became of it when no answer comes in time', async () => {
    peer.next('hang');
    const time = new PassingTime();
    const attempt = send(time);
    await peer.received(1);
    time.pass();
    expect(inWords(await attempt)).toMatch(/^UNKNOWN: 127\.0\.0\.1:\d+: no answer in time$/);
  });

  it('is worth another attempt when nobody listens', async () => {
    const { perform } = attemptsWith({ MOOLA_CHANNEL_TEAM_SLACK_URL: 'http://127.0.0.1:1/secret' });
    expect(inWords(await perform(intentFor('slack/team')))).toBe('RETRYABLE: 127.0.0.1:1: ECONNREFUSED');
  });

  it('splits a long text into sections of 3,000 characters, escapes whole and characters whole', () => {
    const { blocks } = slackPayload(bare({ text: `${'x'.repeat(2998)}&${'🙂'.repeat(2000)}` })) as Payload;
    const sections = blocks.filter(({ type }) => type === 'section').map(({ text }) => text?.text ?? '');
    expect(sections.map(({ length }) => length)).toEqual([2998, 2999, 1006]);
    expect(sections.join('')).toBe(`${'x'.repeat(2998)}&amp;${'🙂'.repeat(2000)}`);
    expect(sections[1]?.endsWith('🙂')).toBe(true);
  });

  it('breaks sections at the ends of lines', () => {
    const line = `${'y'.repeat(999)}\n`;
    const { blocks } = slackPayload(bare({ text: line.repeat(5) })) as Payload;
    expect(blocks.filter(({ type }) => type === 'section').map(({ text }) => text?.text.length)).toEqual([3000, 2000]);
  });

  it('never makes more than 50 blocks, and says that something is missing', () => {
    const { blocks, text } = slackPayload(bare({ text: '<'.repeat(200_000) })) as Payload;
    expect(blocks).toHaveLength(50);
    expect(blocks[48]?.text?.text.length).toBeLessThanOrEqual(3000);
    expect(blocks[48]?.text?.text.endsWith('&lt;…')).toBe(true);
    expect(text.length).toBeLessThanOrEqual(3000);
  });

  it('sends messages without a text, too', () => {
    const { blocks } = slackPayload(bare({ text: '', title: '' })) as Payload;
    expect(blocks.map(({ type }) => type)).toEqual(['header', 'context']);
  });

  it.each([
    ['https://wiki.example.org/a|b?c=1&d=<x>', '<https://wiki.example.org/a%7Cb?c=1&amp;d=&lt;x&gt;|Runbook>'],
    ['Ask <Ann> & call', 'Runbook: Ask &lt;Ann&gt; &amp; call'],
  ])('opens a runbook that is an address, and says any other: %s', (runbook, said) => {
    const { blocks, text } = slackPayload({ ...bare({ runbook }) }) as Payload;
    expect(blocks[2]?.text?.text).toBe(said);
    expect(text).toContain('\nRunbook: ');
  });

  it('keeps its links whole where the text is cut', () => {
    const { blocks, text } = slackPayload(noticeFor('slack/team', { text: 'x'.repeat(200_000) })) as Payload;
    expect(blocks).toHaveLength(50);
    expect(blocks[48]?.text?.text).toMatch(/\|Open the incident>/);
    expect(text.length).toBeLessThanOrEqual(3000);
    expect(text).toMatch(/…\nIncident: https:\S+\nRunbook: https:\S+$/);
  });
});

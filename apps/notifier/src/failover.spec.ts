import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { attemptsWith, type Attempts } from './story/attempts.js';
import { HttpPeer } from './story/http-peer.js';
import { PlanRows } from './story/plan-rows.js';
import { SmtpPeer, testCertificate } from './story/smtp-peer.js';

const slack = { kind: 'slack', name: 'team' };
const email = { kind: 'email', name: 'team' };
const pagerDuty = { kind: 'pagerduty', name: 'on-call' };

/** Plan and send, one after the other, with real peers between them. */
describe('failover', () => {
  let web: HttpPeer;
  let pager: HttpPeer;
  let mail: SmtpPeer;
  let attempts: Attempts;

  beforeEach(async () => {
    web = await HttpPeer.start({ status: 200, body: 'ok' });
    pager = await HttpPeer.start({ status: 202 });
    mail = await SmtpPeer.start();
    attempts = attemptsWith(
      {
        MOOLA_CHANNEL_TEAM_SLACK_URL: `${web.url}/secret`,
        MOOLA_CHANNEL_ON_CALL_PAGERDUTY_ROUTING_KEY: '0123456789abcdef0123456789abcdef',
        MOOLA_CHANNEL_ON_CALL_PAGERDUTY_URL: pager.url,
        MOOLA_CHANNEL_TEAM_EMAIL_SMTP_URL: `smtp://${mail.address}`,
        MOOLA_CHANNEL_TEAM_EMAIL_SMTP_CA: testCertificate,
        MOOLA_CHANNEL_TEAM_EMAIL_FROM: 'moola@example.org',
        MOOLA_CHANNEL_TEAM_EMAIL_TO: 'team@example.org',
      },
      { timeoutMs: 10_000 },
    );
  });
  afterEach(() => Promise.all([web.close(), pager.close(), mail.close()]));

  async function deliverAll(rows: PlanRows): Promise<void> {
    for (let intent; (intent = rows.takeIntent()) !== undefined;) rows.receipt(await attempts.perform(intent));
  }

  async function untilSecond(rows: PlanRows, seconds: number): Promise<void> {
    while (rows.nowMs < rows.beginMs + seconds * 1000) await deliverAll(rows.tick());
  }

  const routed = () =>
    new PlanRows({ expiresAfterMs: 3_600_000 })
      .route('chat', { channels: [slack, email] })
      .route('on-call', { channels: [pagerDuty, email] });

  /** Restarts at every row: each alone, and all of them. */
  function expectSameAfterRestarts(rows: PlanRows): void {
    const straight = rows.run();
    for (const row of rows.rows.keys()) expect(rows.run({ restartBefore: new Set([row]) })).toEqual(straight);
    expect(rows.run({ restartBefore: new Set(rows.rows.keys()) })).toEqual(straight);
  }

  it('goes from a busy Slack over its pauses, and from a broken PagerDuty to e-mail', async () => {
    web.next({ status: 429, headers: { 'retry-after': '5' } }, { status: 500 });
    pager.next({ status: 400, body: 'invalid routing key' });
    const rows = routed().notify('opened');
    await deliverAll(rows);
    await untilSecond(rows, 20);
    expect(rows.attempts()).toEqual([
      '00:00 pagerduty/on-call 1 opened',
      '00:00 slack/team 1 opened',
      '00:00 email/team 1 opened',
      '00:05 slack/team 2 opened',
      '00:09 slack/team 3 opened',
    ]);
    expect([web.requests.length, pager.requests.length, mail.mails.length]).toEqual([3, 1, 1]);
    expectSameAfterRestarts(rows);
  });

  it('says at the terminal that nobody could be told', async () => {
    await mail.close();
    web.next({ status: 404, body: 'no_team' });
    pager.next({ status: 400, body: 'invalid routing key' });
    const rows = routed().notify('opened');
    await deliverAll(rows);
    await untilSecond(rows, 40);
    expect(rows.attempts().slice(2)).toEqual([
      '00:00 email/team 1 opened',
      '00:02 email/team 2 opened',
      '00:06 email/team 3 opened',
      '00:16 email/team 4 opened',
      '00:16 terminal/last-resort 1 opened',
    ]);
    expect(attempts.screen.text.replaceAll(/\s*\n│ /g, ' ')).toMatch(
      /Not delivered by email\/team \(.*ECONNREFUSED.*; gave up after 4 attempts\), pagerduty\/on-call \(HTTP 400: invalid routing key\), slack\/team \(HTTP 404: no_team\)\./,
    );
    mail = await SmtpPeer.start();
    expectSameAfterRestarts(rows);
  });

  it('does not open an alert anew after the incident was resolved', async () => {
    pager.next({ status: 503 });
    const rows = routed().notify('opened');
    await deliverAll(rows);
    rows.notify('resolved', { eventAction: 'resolve' });
    await deliverAll(rows);
    await untilSecond(rows, 30);
    const actions = pager.requests.map(({ body }) => (JSON.parse(body) as { event_action: string }).event_action);
    expect(actions).toEqual(['trigger', 'resolve']);
    expectSameAfterRestarts(rows);
  });
});

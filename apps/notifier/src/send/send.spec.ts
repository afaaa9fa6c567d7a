import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { partitionOf } from '@moola/contracts/partition-of';
import { Metrics } from '@moola/platform/metrics/metrics';
import { attemptsWith, intentFor, inWords, storyClock, storyMs } from '../story/attempts.js';
import { HttpPeer } from '../story/http-peer.js';
import { Screen } from '../story/screen.js';
import { readChannels } from './channel-settings.js';
import { receiptRows } from './receipt-rows.js';
import { terminal } from './terminal/terminal.js';
import { SendMetrics } from './send-metrics.js';
import { testChannels } from './test-channels.js';

describe('send', () => {
  let peer: HttpPeer;

  beforeEach(async () => {
    peer = await HttpPeer.start({ status: 200, body: 'ok' });
  });
  afterEach(() => peer.close());

  const slackTeam = () => ({ MOOLA_CHANNEL_TEAM_SLACK_URL: `${peer.url}/secret` });

  it('prints what is for a channel that is not configured, and says so once', async () => {
    const said: string[] = [];
    const { perform, screen } = attemptsWith({}, { replaced: ({ kind, name }) => said.push(`${kind}/${name}`) });
    expect(inWords(await perform(intentFor('slack/team')))).toBe('DELIVERED: printed');
    expect(inWords(await perform(intentFor('email/team')))).toBe('DELIVERED: printed');
    await perform(intentFor('slack/team', { notification: 'another', title: 'Another' }));
    expect(said).toEqual(['slack/team', 'email/team']);
    expect(screen.text.match(/^┌/gm)).toHaveLength(2);
  });

  it('prints once what goes to several channels that are not configured at the same time', async () => {
    const { perform, screen } = attemptsWith({});
    const channels = ['slack/team', 'email/team', 'pagerduty/on-call'];
    const receipts = await Promise.all(channels.map((channel) => perform(intentFor(channel))));
    expect(receipts.map(inWords)).toEqual(channels.map(() => 'DELIVERED: printed'));
    expect(screen.text.match(/^┌/gm)).toHaveLength(1);
  });

  it('answers the key of the intent, and where its receipt belongs', async () => {
    const intent = intentFor('slack/team', { attempt: 3 });
    const receipt = await attemptsWith({}).perform(intent);
    expect(receipt).toMatchObject({
      notification: intent.notification,
      ...{ channelKind: 'slack', channelName: 'team', attempt: 3, incident: intent.incident, intentAtMs: storyMs },
    });
    const { notification, signal } = receiptRows(intent, receipt, 16);
    expect(notification.partition).toBe(partitionOf('team', 16));
    expect(notification.value.kind).toEqual({ case: 'receipt', value: receipt });
    expect(signal).toMatchObject({
      partition: 0,
      value: { model: 'SimpleLSTM', kind: { case: 'receipt', value: receipt } },
    });
  });

  it('counts attempts by channel and outcome; what replaces a channel is the terminal', async () => {
    const metrics = new Metrics('notifier');
    const attempted = new SendMetrics(metrics).of('live');
    const { perform } = attemptsWith(slackTeam(), { attempted });
    await perform(intentFor('slack/team'));
    peer.next({ status: 400, body: 'invalid_payload' });
    await perform(intentFor('slack/team', { notification: 'another' }));
    await perform(intentFor('slack/anybody-may-name-one'));
    await perform(intentFor('slack/team', { notification: 'third', atMs: storyMs - 1000, expiresAfterMs: 1000 }));
    const counted = await metrics.registry.getSingleMetric('moola_notification_attempts_total')?.get();
    expect(counted?.values.map(({ value, labels: { channel, outcome } }) => [channel, outcome, value])).toEqual([
      ['slack/TEAM', 'delivered', 1],
      ['slack/TEAM', 'failed', 1],
      ['terminal', 'delivered', 1],
      ['slack/TEAM', 'expired', 1],
    ]);
  });

  it('does not send what has expired', async () => {
    const { perform } = attemptsWith(slackTeam());
    const late = intentFor('slack/team', { atMs: storyMs - 1000, expiresAfterMs: 1000 });
    expect(inWords(await perform(late))).toBe('EXPIRED: came too late to be sent');
    const inTime = intentFor('slack/team', { atMs: storyMs - 999, expiresAfterMs: 1000 });
    expect(inWords(await perform(inTime))).toBe('DELIVERED: ok');
    expect(peer.requests).toHaveLength(1);
  });

  it('keeps the order of one incident on one channel, and lets others pass', async () => {
    peer.next('hang');
    const { perform } = attemptsWith(slackTeam(), { timeoutMs: 60_000 });
    const done: string[] = [];
    const send = async (title: string, dedupKey: string) => {
      await perform(intentFor('slack/team', { notification: title, dedupKey }));
      done.push(title);
    };
    const held = [send('first', 'one'), send('second', 'one'), send('third', 'one')];
    await peer.received(1);
    await send('other', 'two');
    peer.release({ status: 200, body: 'ok' });
    await Promise.all(held);
    expect(done).toEqual(['other', 'first', 'second', 'third']);
  });

  it('says "failed" when the terminal is gone', async () => {
    const screen = new Screen();
    screen.destroy();
    const { perform } = attemptsWith({}, { terminal: terminal(screen) });
    expect(inWords(await perform(intentFor('terminal/last-resort')))).toBe('FAILED: the terminal is closed');
  });

  it('does nothing when the task has become another owner’s', async () => {
    const { perform } = attemptsWith(slackTeam());
    expect(await perform(intentFor('slack/team'), () => Promise.resolve(false))).toBe('not-owner');
    expect(peer.requests).toEqual([]);
  });

  it('tests every channel that routes name or the environment configures, and leaves no alert open', async () => {
    const pagerDuty = await HttpPeer.start({ status: 202 });
    const environment = {
      ...slackTeam(),
      MOOLA_CHANNEL_BROKEN_SLACK_URL: `${peer.url}/broken`,
      MOOLA_CHANNEL_ON_CALL_PAGERDUTY_ROUTING_KEY: '0123456789abcdef0123456789abcdef',
      MOOLA_CHANNEL_ON_CALL_PAGERDUTY_URL: pagerDuty.url,
    };
    const channels = readChannels({ environment, readFile: () => '' });
    if (!channels.ok) throw new Error(channels.problems.join());
    const screen = new Screen();
    const results = await testChannels({
      named: [
        { kind: 'pagerduty', name: 'on-call' },
        { kind: 'email', name: 'team' },
      ],
      id: 'story',
      channels: channels.open({ clock: storyClock }),
      terminal: terminal(screen),
      clock: storyClock,
      timeoutMs: 5000,
    });
    await pagerDuty.close();
    expect(results).toEqual([
      { channel: 'email/team', by: 'terminal', delivered: true, detail: 'printed' },
      { channel: 'pagerduty/on-call', by: 'channel', delivered: true, detail: 'accepted' },
      { channel: 'slack/broken', by: 'channel', delivered: true, detail: 'ok' },
      { channel: 'slack/team', by: 'channel', delivered: true, detail: 'ok' },
    ]);
    const events = pagerDuty.requests.map(({ body }) => (JSON.parse(body) as { event_action: string }).event_action);
    expect(events).toEqual(['trigger', 'resolve']);
    expect(screen.text).toContain('Test of email/team');
  });
});

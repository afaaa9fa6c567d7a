import { describe, expect, it } from '@jest/globals';
import type { SMTPServerOptions } from 'smtp-server';
import type { Clock } from '@moola/streams/ports/clock';
import { attemptsWith, intentFor, inWords, storyClock } from '../../story/attempts.js';
import { golden } from '../../story/golden.js';
import { PassingTime } from '../../story/passing-time.js';
import { scriptedServer, SmtpPeer, testCertificate } from '../../story/smtp-peer.js';

const intent = intentFor('email/team');

function mail(url: string, more: Readonly<Record<string, string>> = {}, clock: Clock = storyClock) {
  const environment = {
    MOOLA_CHANNEL_TEAM_EMAIL_SMTP_URL: url,
    MOOLA_CHANNEL_TEAM_EMAIL_FROM: 'Moola <moola@example.org>',
    MOOLA_CHANNEL_TEAM_EMAIL_TO: 'ann@example.org, Bob <bob@example.org>',
    ...more,
  };
  return attemptsWith(environment, { clock }).perform;
}

const trusted = { MOOLA_CHANNEL_TEAM_EMAIL_SMTP_CA: testCertificate };
const inClear = { MOOLA_CHANNEL_TEAM_EMAIL_SMTP_TLS: 'off' };

async function withServer(server: SmtpPeer, story: (server: SmtpPeer) => Promise<void>): Promise<void> {
  try {
    await story(server);
  } finally {
    await server.close();
  }
}

/** What comes of it at a server that says these lines; time is out when it has fallen silent. */
async function against(lines: readonly string[]): Promise<string> {
  const server = await scriptedServer(lines);
  const time = new PassingTime();
  try {
    const attempt = mail(`smtp://${server.address}`, inClear, time)(intent);
    await Promise.race([attempt, server.silent]);
    time.pass();
    return inWords(await attempt);
  } finally {
    await server.close();
  }
}

describe('email', () => {
  it('is sent by STARTTLS, logged in, as the golden message', async () => {
    await withServer(await SmtpPeer.start(), async (server) => {
      const perform = mail(`smtp://moola:right@${server.address}`, trusted);
      expect(inWords(await perform(intent))).toBe('DELIVERED: 250 queued');
      expect(server.mails).toHaveLength(1);
      expect(server.mails[0]).toMatchObject({
        from: 'moola@example.org',
        to: ['ann@example.org', 'bob@example.org'],
        isEncrypted: true,
        user: 'moola',
      });
      expect(server.mails[0]?.text.replaceAll('\r\n', '\n')).toBe(golden('email.eml'));
    });
  });

  it('is sent by TLS from the start where the address says so', async () => {
    await withServer(await SmtpPeer.start({ secure: true }), async (server) => {
      expect(inWords(await mail(`smtps://${server.address}`, trusted)(intent))).toBe('DELIVERED: 250 queued');
      expect(server.mails[0]?.isEncrypted).toBe(true);
    });
  });

  it('makes one thread of an incident, and the same id of each attempt', async () => {
    await withServer(await SmtpPeer.start(), async (server) => {
      const perform = mail(`smtp://${server.address}`, trusted);
      await perform(intent);
      await perform(intentFor('email/team', { attempt: 2 }));
      await perform(intentFor('email/team', { notification: 'n2', eventAction: 'resolve' }));
      await perform(intentFor('email/team', { notification: 'n3', dedupKey: 'another incident' }));
      const header = (name: string) =>
        server.mails.map(({ text }) => new RegExp(`^${name}: (.*)\r$`, 'm').exec(text)?.[1]);
      const [threads, ids] = [header('References'), header('Message-ID')];
      expect(header('In-Reply-To')).toEqual(threads);
      expect(new Set(threads.slice(0, 3)).size).toBe(1);
      expect(threads[3]).not.toBe(threads[0]);
      expect(ids[1]).toBe(ids[0]);
      expect(new Set(ids).size).toBe(3);
    });
  });

  it('is not sent to a server whose certificate nobody signed', async () => {
    await withServer(await SmtpPeer.start(), async (server) => {
      const result = inWords(await mail(`smtp://moola:right@${server.address}`)(intent));
      expect(result).toMatch(/^(RETRYABLE|FAILED): 127\.0\.0\.1:\d+: .*self-signed certificate/);
      expect(server.mails).toEqual([]);
    });
  });

  it('is not sent in clear to a server that knows no STARTTLS', async () => {
    await withServer(await SmtpPeer.start({ hideSTARTTLS: true, disabledCommands: ['STARTTLS'] }), async (server) => {
      expect(inWords(await mail(`smtp://${server.address}`)(intent))).toMatch(/^FAILED: .*STARTTLS/);
      expect(server.mails).toEqual([]);
    });
  });

  it('is sent in clear where that is asked for', async () => {
    await withServer(await SmtpPeer.start(), async (server) => {
      expect(inWords(await mail(`smtp://${server.address}`, inClear)(intent))).toBe('DELIVERED: 250 queued');
      expect(server.mails[0]?.isEncrypted).toBe(false);
    });
  });

  it('fails for good with a wrong password', async () => {
    await withServer(await SmtpPeer.start(), async (server) => {
      const result = inWords(await mail(`smtp://moola:wrong@${server.address}`, trusted)(intent));
      expect(result).toMatch(/^FAILED: .*535/);
      expect(result).not.toContain('wrong@');
    });
  });

  it('says which receivers were refused', async () => {
    const onRcptTo: SMTPServerOptions['onRcptTo'] = ({ address }, _session, done) =>
      done(address.startsWith('bob') ? new Error('nobody of that name') : null);
    await withServer(await SmtpPeer.start({ onRcptTo }), async (server) => {
      const result = inWords(await mail(`smtp://${server.address}`, trusted)(intent));
      expect(result).toBe('DELIVERED: 250 queued; refused: bob@example.org');
    });
  });

  it.each([
    ['a busy server', ['421 try later'], /^RETRYABLE: .*421 try later/],
    ['a server that refuses', ['554 go away'], /^FAILED: .*554 go away/],
    ['what is no mail server', ['HTTP/1.1 400 Bad Request'], /^RETRYABLE: /],
    ['a server that closes at once', ['close'], /^RETRYABLE: /],
    ['a sender that is put off', ['220 hi', '250 hi', '451 greylisted'], /^RETRYABLE: .*451 greylisted/],
    ['a sender that is refused', ['220 hi', '250 hi', '550 no'], /^FAILED: .*550 no/],
    [
      'a full mailbox',
      ['220 hi', '250 hi', '250 ok', '250 ok', '250 ok', '354 go on', '452 full'],
      /^RETRYABLE: .*452 full/,
    ],
    ['a break in the message', ['220 hi', '250 hi', '250 ok', '250 ok', '250 ok', '354 go on', 'close'], /^UNKNOWN: /],
  ])('understands %s', async (_, lines, result) => {
    expect(await against(lines)).toMatch(result);
  });

  it('is worth another attempt when no greeting comes in time, or nobody listens', async () => {
    expect(await against([])).toMatch(/^RETRYABLE: .*no answer in time$/);
    expect(inWords(await mail('smtp://127.0.0.1:1')(intent))).toMatch(/^RETRYABLE: 127\.0\.0\.1:1: .*ECONNREFUSED/);
  });

  it('does not know what became of it when the server takes the message and goes silent', async () => {
    const lines = ['220 hi', '250 hi', '250 ok', '250 ok', '250 ok', '354 go on'];
    expect(await against(lines)).toMatch(/^UNKNOWN: .*no answer in time$/);
  });
});

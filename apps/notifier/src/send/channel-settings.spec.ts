import { describe, expect, it } from '@jest/globals';
import { storyClock } from '../story/attempts.js';
import { channelId, readChannels, variablesOf } from './channel-settings.js';
import { configuredLine, replacedLine } from './wording.js';

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

function read(environment: Readonly<Record<string, string>>, files: Readonly<Record<string, string>> = {}) {
  const readFile = (path: string): string => {
    const text = files[path];
    if (text === undefined) throw new Error('no such file');
    return text;
  };
  return readChannels({ environment, readFile });
}

function problems(environment: Readonly<Record<string, string>>): readonly string[] {
  const result = read(environment);
  return result.ok ? [] : result.problems;
}

describe('channel settings', () => {
  it('make a channel of each name and kind', () => {
    const result = read(
      {
        MOOLA_CHANNEL_TEAM_SLACK_URL: 'https://hooks.slack.com/services/T/B/x',
        MOOLA_CHANNEL_ON_CALL_PAGERDUTY_ROUTING_KEY_FILE: '/run/key',
        MOOLA_CHANNEL_TEAM_EMAIL_SMTP_URL: 'smtp://mail.example.org',
        MOOLA_CHANNEL_TEAM_EMAIL_FROM: 'moola@example.org',
        MOOLA_CHANNEL_TEAM_EMAIL_TO: 'team@example.org',
        MOOLA_CHANNEL_SLACK_WEBHOOK_URL: 'http://localhost:9/in',
        MOOLA_CHANNEL_SLACK_WEBHOOK_SECRET: secret,
        MOOLA_PORT: '8080',
      },
      { '/run/key': '0123456789abcdef0123456789abcdef\n' },
    );
    const channels = result.ok ? result.open({ clock: storyClock }) : new Map<string, never>();
    expect([...channels.keys()].sort()).toEqual(['email/TEAM', 'pagerduty/ON_CALL', 'slack/TEAM', 'webhook/SLACK']);
    expect(channels.has(channelId({ kind: 'pagerduty', name: 'on-call' }))).toBe(true);
    expect(configuredLine(channels)).toBe(
      'channels: email/TEAM, pagerduty/ON_CALL, slack/TEAM, webhook/SLACK; the terminal prints what is for any other',
    );
  });

  it('report every problem at once, and show no secret', () => {
    expect(
      problems({
        MOOLA_CHANNEL_TEAM_SLACK_URL: 'http://hooks.slack.com/services/hidden',
        MOOLA_CHANNEL_TEAM_SLCK_URL: 'https://x',
        MOOLA_CHANNEL_SLACK_URL: 'https://x',
        MOOLA_CHANNEL_ON_CALL_PAGERDUTY_ROUTING_KEY: 'hidden',
        MOOLA_CHANNEL_TEAM_EMAIL_SMTP_URL: 'smtp://hidden:hidden@mail.example.org',
        MOOLA_CHANNEL_TEAM_EMAIL_SMTP_TLS: 'maybe',
        MOOLA_CHANNEL_TEAM_EMAIL_TO: 'team@example.org, nobody',
        MOOLA_CHANNEL_OPS_WEBHOOK_SECRET: 'hidden',
        MOOLA_CHANNEL_SHORT_WEBHOOK_URL: 'https://example.org',
        MOOLA_CHANNEL_SHORT_WEBHOOK_SECRET: 'whsec_aGlkZGVu',
        MOOLA_CHANNEL_CLEAR_EMAIL_SMTP_URL: 'smtp://hidden:hidden@mail.example.org',
        MOOLA_CHANNEL_CLEAR_EMAIL_SMTP_TLS: 'off',
        MOOLA_CHANNEL_CLEAR_EMAIL_FROM: 'moola@example.org',
        MOOLA_CHANNEL_CLEAR_EMAIL_TO: 'team@example.org',
      }),
    ).toEqual([
      expect.stringMatching(
        /^MOOLA_CHANNEL_SLACK_URL: is no setting of a channel \(MOOLA_CHANNEL_<NAME>_ and one of SLACK_URL, /,
      ),
      expect.stringMatching(/^MOOLA_CHANNEL_TEAM_SLCK_URL: is no setting of a channel /),
      'MOOLA_CHANNEL_CLEAR_EMAIL_SMTP_TLS: "off" would send the password in clear',
      'MOOLA_CHANNEL_ON_CALL_PAGERDUTY_ROUTING_KEY: the value must have 32 letters and digits',
      'MOOLA_CHANNEL_OPS_WEBHOOK_URL: the value is missing',
      'MOOLA_CHANNEL_OPS_WEBHOOK_SECRET: the value must be whsec_ and base64',
      'MOOLA_CHANNEL_SHORT_WEBHOOK_SECRET: the value must hold 24 to 64 bytes',
      'MOOLA_CHANNEL_TEAM_EMAIL_FROM: null is missing',
      'MOOLA_CHANNEL_TEAM_EMAIL_TO: "team@example.org, nobody" must be addresses, separated by commas',
      'MOOLA_CHANNEL_TEAM_EMAIL_SMTP_TLS: "maybe" is neither "required" nor "off"',
      'MOOLA_CHANNEL_TEAM_SLACK_URL: the value must begin with https:// (http:// on localhost only)',
    ]);
  });

  it('say which variables a missing channel needs', () => {
    expect(variablesOf({ kind: 'webhook', name: 'ops' })).toEqual([
      'MOOLA_CHANNEL_OPS_WEBHOOK_URL',
      'MOOLA_CHANNEL_OPS_WEBHOOK_SECRET',
    ]);
    expect(replacedLine({ kind: 'pagerduty', name: 'on-call' })).toBe(
      'pagerduty/on-call is not configured: the terminal prints its messages (set MOOLA_CHANNEL_ON_CALL_PAGERDUTY_ROUTING_KEY)',
    );
    expect(configuredLine(new Map())).toBe('no channel is configured: the terminal prints every notification');
  });
});

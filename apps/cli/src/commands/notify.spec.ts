import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { notifyTest } from '@moola/standalone/notify-test';
import { moola } from '../testing/moola.js';

describe('moola notify test', () => {
  let slack: Server;
  let folder: string;
  let answer = 200;
  const received: string[] = [];
  const url = () => `http://127.0.0.1:${(slack.address() as AddressInfo).port}/hook`;
  const test = (words: readonly string[], env: Record<string, string> = {}) =>
    moola(['notify', 'test', ...words], { env, operations: { notifyTest } });

  beforeAll(async () => {
    slack = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        received.push(body);
        response.writeHead(answer).end(answer === 200 ? 'ok' : 'no_team');
      });
    });
    await new Promise<void>((resolve) => slack.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => new Promise<void>((resolve) => slack.close(() => resolve())));
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'moola-notify-'));
    answer = 200;
    received.length = 0;
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('reaches the channels that are configured', async () => {
    const { exitCode, stdout } = await test([], { MOOLA_CHANNEL_TEAM_SLACK_URL: url() });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^CHANNEL +RESULT +DETAIL\nslack\/team +delivered/);
    expect(received).toEqual([expect.stringContaining('This is a test by `moola notify test`')]);
  });

  it('fails when a channel does not take the message', async () => {
    answer = 404;
    const { exitCode, stdout, stderr } = await test(['--json'], { MOOLA_CHANNEL_TEAM_SLACK_URL: url() });
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: 'moola: 1 channel of 1 did not take the message\n' });
    expect(JSON.parse(stdout)).toMatchObject([{ channel: 'slack/team', by: 'channel', delivered: false }]);
  });

  it('shows which channels of routes lack their settings', async () => {
    const routes = join(folder, 'routes.yaml');
    const channels = 'channels: [{ kind: slack, name: team }, { kind: email, name: team }]';
    writeFileSync(routes, `kind: Route\nname: team\nminimumSeverity: info\naudience: team\n${channels}\n`);
    const { exitCode, stdout, stderr } = await test(['--definitions', routes]);
    expect(stdout).toBe(
      [
        'CHANNEL     RESULT                    DETAIL',
        'email/team  not configured: terminal  printed',
        'slack/team  not configured: terminal  printed',
        '',
      ].join('\n'),
    );
    expect(stderr).toContain('Test of slack/team');
    expect(exitCode).toBe(0);
  });

  it('says when there is nothing to test', async () => {
    expect(await test([])).toEqual({
      ...{ exitCode: 0, stderr: '' },
      stdout:
        'no channel is configured: notifications go to the terminal. ' +
        'docs/notifications.md says how to configure one\n',
    });
  });

  it('tells what is wrong with the settings, and sends nothing', async () => {
    const { exitCode, stderr } = await test([], {
      ...{ MOOLA_CHANNEL_TEAM_SLACK_URL: url(), MOOLA_CHANNEL_OPS_SLAK_URL: 'x', MOOLA_NOTIFY_TIMEOUT_MS: '1' },
    });
    expect(stderr).toMatch(
      /^MOOLA_NOTIFY_TIMEOUT_MS: .*\nMOOLA_CHANNEL_OPS_SLAK_URL: .*\nmoola: 2 problems in the settings of channels: nothing was sent\n$/,
    );
    expect({ exitCode, received }).toEqual({ exitCode: 1, received: [] });
  });
});

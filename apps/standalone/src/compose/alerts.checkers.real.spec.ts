import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { checkerProgram } from '@moola/testbed/checkers';
import { runCommand } from '@moola/testbed/command';
import { freePorts } from '@moola/testbed/free-ports';
import { guardedFolder } from '@moola/testbed/guard';
import { ServerProcess } from '@moola/testbed/server-process';
import { SMTPServer } from 'smtp-server';
import { parse } from 'yaml';
import { repository } from './compose-file.js';

const deploy = (name: string): string => join(repository, 'deploy', name);
const template = deploy('alertmanager/alertmanager.yml');

describe('alerts on Moola itself', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'moola-alerts-'));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  const file = (): string => join(folder, 'alertmanager.yml');
  const make = (variables: Readonly<Record<string, string>>) =>
    runCommand(process.execPath, [deploy('make-alertmanager.mjs'), template, file()], {
      ...{ NODE_OPTIONS: '' },
      ...variables,
    });

  it('go to a page by default, and to whatever the environment names beside it', async () => {
    expect(await make({})).toEqual({ code: 0, output: 'alerts on Moola itself go by: webhook\n' });
    const everyWay = {
      OPERATORS_SLACK_URL: 'https://hooks.slack.example/services/1',
      OPERATORS_PAGERDUTY_ROUTING_KEY: 'key',
      OPERATORS_WEBHOOK_URL: 'https://ours.example/hook',
      OPERATORS_HEARTBEAT_URL: 'https://monitor.example/moola',
      OPERATORS_EMAIL_TO: 'ops@example.org',
      OPERATORS_EMAIL_FROM: 'Moola <moola@example.org>',
      OPERATORS_EMAIL_SMTP_URL: 'smtp://user:p%40ss@mail.example.org',
    };
    expect(await make(everyWay)).toEqual({
      code: 0,
      output: 'alerts on Moola itself go by: slack, pagerduty, email, webhook\n',
    });
    const check = await runCommand(await checkerProgram('amtool'), ['check-config', file()]);
    expect([check.code, check.output]).toEqual([0, expect.any(String)]);
    const { receivers } = parse(readFileSync(file(), 'utf8')) as { receivers: Record<string, unknown>[] };
    expect(receivers[1]).toMatchObject({
      name: 'heartbeat',
      webhook_configs: [{ url: 'http://alerts:8080/heartbeat' }, { url: 'https://monitor.example/moola' }],
    });
    expect(receivers[0]).toMatchObject({
      webhook_configs: [{ url: 'http://alerts:8080/alerts' }, { url: 'https://ours.example/hook' }],
      email_configs: [{ smarthost: 'mail.example.org:587', auth_username: 'user', auth_password: 'p@ss' }],
    });
  });

  it('are not sent in a wrong way: every problem is named, and no secret shown', async () => {
    const wrong = { OPERATORS_SLACK_URL: 'xoxb-secret', OPERATORS_EMAIL_TO: 'ops@example.org' };
    expect(await make(wrong)).toEqual({
      code: 1,
      output:
        'OPERATORS_SLACK_URL must be an address that begins with https://\n' +
        'OPERATORS_EMAIL_FROM is missing: mail needs all three OPERATORS_EMAIL_…\n' +
        'OPERATORS_EMAIL_SMTP_URL is missing: mail needs all three OPERATORS_EMAIL_…\n',
    });
  });

  it('reach the page, its log and a mailbox through a real Alertmanager', async () => {
    const [pagePort, alertPort] = (await freePorts(2)) as [number, number];
    const mails: string[] = [];
    const mailbox = new SMTPServer({
      disabledCommands: ['AUTH', 'STARTTLS'],
      onData(stream, _session, done) {
        let mail = '';
        stream.setEncoding('utf8').on('data', (part: string) => (mail += part));
        stream.on('end', () => done(void mails.push(mail)));
      },
    });
    await new Promise<void>((resolve) => mailbox.listen(0, '127.0.0.1', resolve));
    const { port: mailPort } = mailbox.server.address() as { port: number };
    const mail = { OPERATORS_EMAIL_TO: 'ops@example.org', OPERATORS_EMAIL_FROM: 'moola@example.org' };
    const made = await make({ ...mail, OPERATORS_EMAIL_SMTP_URL: `smtp://127.0.0.1:${mailPort}/?tls=off` });
    expect(made.code).toBe(0);
    const here = readFileSync(file(), 'utf8')
      .replaceAll('http://alerts:8080/', `http://127.0.0.1:${pagePort}/`)
      .replace('group_wait: 10s', 'group_wait: 0s');
    writeFileSync(file(), here);
    const [pageFolder, alertFolder] = [guardedFolder('alert-page'), guardedFolder('alertmanager')];
    const page = new ServerProcess({
      ...{ name: 'alert page', program: process.execPath, args: [deploy('alert-page.mjs')], ready: /are shown/ },
      ...{ folder: pageFolder.path, environment: { MOOLA_PORT: String(pagePort), NODE_OPTIONS: '' } },
    });
    await checkerProgram('amtool'); // of the same package
    const options = [`--config.file=${file()}`, `--storage.path=${alertFolder.path}/data`, '--cluster.listen-address='];
    const alertmanager = new ServerProcess({
      ...{ name: 'Alertmanager', program: 'prometheus-alertmanager', folder: alertFolder.path, ready: /Listening on/ },
      args: [...options, `--web.listen-address=127.0.0.1:${alertPort}`],
    });
    try {
      await page.start();
      await alertmanager.start();
      const address = `http://127.0.0.1:${pagePort}`;
      expect(await (await fetch(address)).text()).toContain('No alert since');
      expect(await (await fetch(address)).text()).toContain('have not reported yet');
      const alert = {
        labels: { alertname: 'MoolaServiceAbsent', severity: 'critical', job: 'tracker' },
        annotations: { summary: 'No instance of <tracker> answers.', runbook_url: 'https://runbooks.example/absent' },
      };
      const alive = { labels: { alertname: 'MoolaDeadManSwitch', severity: 'none' } };
      const posted = await fetch(`http://127.0.0.1:${alertPort}/api/v2/alerts`, {
        ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify([alert, alive]) },
      });
      expect(posted.status).toBe(200);
      const line =
        'CRITICAL MoolaServiceAbsent firing: No instance of <tracker> answers. (https://runbooks.example/absent)';
      for (let i = 0; i < 3000 && !(page.output().includes(line) && mails.length > 0); i++) await delay(100);
      expect(page.output()).toContain(line);
      // A service without any instance is told once: not each of its instances, but those of others.
      const down = ['tracker', 'bridge'].map((job) => ({
        labels: { alertname: 'MoolaInstanceDown', severity: 'warning', job, instance: `${job}:8080` },
        annotations: { summary: `An instance of ${job} does not answer.` },
      }));
      await fetch(`http://127.0.0.1:${alertPort}/api/v2/alerts`, {
        ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(down) },
      });
      for (let i = 0; i < 3000 && !page.output().includes('An instance of bridge'); i++) await delay(100);
      expect(page.output()).toContain('WARNING MoolaInstanceDown firing: An instance of bridge does not answer.');
      expect(page.output()).not.toContain('An instance of tracker');
      expect(await (await fetch(address)).text()).toContain('No instance of &#60;tracker&#62; answers.');
      const heard = async (): Promise<boolean> => (await (await fetch(address)).text()).includes('s ago');
      for (let i = 0; i < 3000 && !(await heard()); i++) await delay(100);
      expect(await (await fetch(address)).text()).toMatch(/Prometheus and Alertmanager reported \d+ s ago/);
      // It pages nobody, and is no line of the log.
      expect(page.output()).not.toContain('MoolaDeadManSwitch');
      expect(mails.filter((mail) => mail.includes('MoolaDeadManSwitch'))).toEqual([]);
      expect(mails[0]).toMatch(/Subject:.*MoolaServiceAbsent/);
      const wrong = await fetch(`${address}/alerts`, { method: 'POST', body: '[1' });
      expect([wrong.status, await wrong.text()]).toEqual([400, expect.stringContaining('not what Alertmanager posts')]);
    } finally {
      await alertmanager.end('SIGTERM');
      await page.end('SIGTERM');
      await Promise.all([pageFolder.remove(), alertFolder.remove()]);
      await new Promise<void>((resolve) => mailbox.close(() => resolve()));
    }
  });
});

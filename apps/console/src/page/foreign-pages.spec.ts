import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { temporaryFolder } from '@moola/streams/adapters/embedded/temporary-folder';
import type { Browser, Page } from 'playwright-core';
import { startBrowser } from '../testing/browser.js';
import { MoolaProcess } from '../testing/moola-process.js';

/** A safety net for a very busy machine: nothing here is decided by time. */
jest.setTimeout(300_000);

const evil = 'evil.example';
const definition = { file: 'evil.yaml', yaml: 'kind: Model\nname: planted\n' };

/** What pages of other sites can do to a Moola that listens on this machine without a token, in a real browser. */
describe('a page of another site', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let moola: MoolaProcess;
  let browser: Browser;
  let site: Server;
  let siteUrl: string;
  /** What the site's page holds. */
  let body: string;
  let page: Page;

  beforeAll(async () => {
    folder = await temporaryFolder();
    [browser, moola] = await Promise.all([
      startBrowser([evil]),
      MoolaProcess.up(['--data', folder.path, '--port', '0']),
    ]);
    site = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html');
      response.end(`<!doctype html><title>evil</title>${body}`);
    });
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    siteUrl = `http://${evil}:${(site.address() as AddressInfo).port}/`;
  });
  beforeEach(async () => {
    page = await browser.newPage();
    body = '';
  });
  afterAll(async () => {
    await browser?.close();
    site?.closeAllConnections();
    site?.close();
    await moola?.kill();
    await folder.remove();
  });

  const definitionsPath = '/api/v1/environments/live/definitions';
  const aliasPath = '/registry/live/api/2.0/mlflow/registered-models/alias';

  /** Nothing was planted: neither a model nor an alias. */
  const untouched = async () => {
    const models = await (await fetch(`${moola.url}/api/v1/environments/live/models`)).json();
    expect(models).toEqual([]);
    expect((await fetch(`${moola.url}${aliasPath}?name=planted&alias=production`)).status).toBe(404);
  };

  it('plants nothing by requests that need no leave: plain texts, forms, bodies without a type', async () => {
    await page.goto(siteUrl);
    const sent = await page.evaluate(
      async ([url, definitions, alias, text]) => {
        const send = (path: string, init: RequestInit) =>
          fetch(`${url}${path}`, { method: 'POST', mode: 'no-cors', ...init }).then(
            () => 'answered',
            () => 'answer withheld',
          );
        const parameters = new URLSearchParams({ name: 'planted', alias: 'production', version: '7' });
        return Promise.all([
          send(definitions, { body: text, headers: { 'content-type': 'text/plain' } }),
          send(definitions, { body: new Blob([text]) }),
          send(definitions, { body: new URLSearchParams(JSON.parse(text) as Record<string, string>) }),
          send(alias, { body: parameters }),
          send('/v1/events', { body: '{"prediction":{"model":"planted"}}' }),
        ]);
      },
      [moola.url, definitionsPath, aliasPath, JSON.stringify(definition)] as const,
    );
    expect(new Set(sent)).toEqual(new Set(['answer withheld']));
    await untouched();
  });

  it('plants nothing by a form that it submits', async () => {
    const fields = { name: 'planted', alias: 'production', version: '7' };
    const inputs = Object.entries(fields).map(([name, value]) => `<input name="${name}" value="${value}">`);
    body = `<form method="post" action="${moola.url}${aliasPath}">${inputs.join('')}<button>Win</button></form>`;
    await page.goto(siteUrl);
    const answered = page.waitForResponse((response) => response.url().startsWith(moola.url));
    await page.getByRole('button').click();
    const answer = await answered;
    expect(answer.status()).toBe(403);
    await untouched();
  });

  it('reads nothing, and hears of no change', async () => {
    await page.goto(siteUrl);
    const outcome = await page.evaluate(
      (url) =>
        Promise.all([
          fetch(`${url}/api/v1/environments`).then(
            () => 'read',
            () => 'refused',
          ),
          new Promise<string>((resolve) => {
            const changes = new EventSource(`${url}/api/v1/changes`);
            changes.onopen = () => resolve('open');
            changes.onerror = () => resolve('refused');
          }),
        ]),
      moola.url,
    );
    expect(outcome).toEqual(['refused', 'refused']);
  });

  it('does not show the console in a frame', async () => {
    body = `<iframe src="${moola.url}"></iframe>`;
    const refused = page.waitForEvent('console', (said) => said.text().includes('frame'));
    await page.goto(siteUrl);
    await refused;
    expect(await page.frames()[1]?.locator('#app').count()).toBe(0);
  });

  it('gains nothing by making its own name resolve to this machine (DNS rebinding)', async () => {
    // The name's first answer is the attacker's page; from then on it resolves to Moola: one origin to the browser.
    const rebound = `http://${evil}:${moola.port}`;
    await page.route(`${rebound}/`, (route) => route.fulfill({ contentType: 'text/html', body: '<p>evil</p>' }));
    await page.goto(`${rebound}/`);
    const answers = await page.evaluate(
      async ([definitions, text]) => {
        const headers = { 'content-type': 'application/json' };
        const write = await fetch(definitions, { method: 'POST', headers, body: text });
        const read = await fetch('/api/v1/environments');
        const health = await fetch('/healthz');
        return [write.status, read.status, health.status];
      },
      [definitionsPath, JSON.stringify(definition)] as const,
    );
    expect(answers).toEqual([403, 403, 200]);
    await untouched();
  });

  it('may link to the console', async () => {
    body = `<a href="${moola.url}/?environment=live">the incident</a>`;
    await page.goto(siteUrl);
    await page.getByRole('link').click();
    await page.getByRole('heading', { name: 'No model has sent anything yet' }).waitFor();
  });
});

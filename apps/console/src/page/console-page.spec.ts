import { execFileSync } from 'node:child_process';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { temporaryFolder } from '@moola/streams/adapters/embedded/temporary-folder';
import { eventually } from '@moola/streams/testing/eventually';
import type { Browser, Locator, Page } from 'playwright-core';
import { startBrowser } from '../testing/browser.js';
import { MoolaProcess } from '../testing/moola-process.js';

/** A safety net for a very busy machine: nothing here is decided by time. */
const patienceMs = 600_000;
jest.setTimeout(patienceMs);

const errorRule = `kind: Rule
name: ErrorsHigh
model: my-model
metric: error_rate
window: 1m
compare: figure
above: 0.05
for: 0s
keepFiringFor: 10m
severity: critical
minimumSamples: 1
summary: Too many predictions fail
runbook: https://wiki.example.org/errors
`;

/** One story, in the order of its tests: a real process, a real browser. */
describe('the page', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let moola: MoolaProcess;
  let browser: Browser;
  let page: Page;
  const faults: string[] = [];

  const start = (port: string) =>
    MoolaProcess.up(['--example', '--headless', '--data', folder.path, '--port', port, '--speed', 'max']);
  const open = async (environment: string) => {
    await page.goto(`${moola.url}/?environment=${environment}`);
  };
  const post = async (path: string, body: unknown) => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(moola.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    expect([path, response.status]).toEqual([path, 200]);
  };
  const apply = (yaml: string) => post('/api/v1/environments/live/definitions', { file: 'my-model.yaml', yaml });
  const shown = (where: Locator) => where.waitFor({ state: 'visible' });
  const gone = (where: Locator) => where.waitFor({ state: 'hidden' });
  const incidents = () => page.getByRole('complementary', { name: 'Incidents' });
  const status = () => page.getByRole('region', { name: 'What is wrong' });

  beforeAll(async () => {
    folder = await temporaryFolder();
    [browser, moola] = await Promise.all([startBrowser(), start('0')]);
  });
  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
    page.setDefaultTimeout(patienceMs / 3);
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (said) => {
      if (said.text().includes('Content Security Policy')) faults.push(said.text());
    });
  });
  afterEach(async () => {
    await page.close();
    expect(faults).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await moola?.kill();
    await folder.remove();
  });

  it('says how to send the first event; that very event makes its model appear, undeclared', async () => {
    await open('live');
    await shown(page.getByRole('heading', { name: 'No model has sent anything yet' }));
    const command = await page.locator('pre').innerText();
    const [, url = '', body = ''] = /^curl (\S+)[^']+'[^']+'[^']+'(\{.*\})'$/s.exec(command) ?? [];
    expect(url).toBe(`${moola.url}/v1/events`);
    // The shell puts the time in.
    await post('/v1/events', JSON.parse(execFileSync('sh', ['-c', `printf %s '${body}'`], { encoding: 'utf8' })));
    await shown(page.getByRole('heading', { name: 'my-model', exact: true }));
    await shown(page.getByText('Nobody declared this model.'));
  });

  it('says how to declare it; what it says is taken, and the hint goes', async () => {
    await open('live');
    await page.getByText('How to declare it', { exact: true }).click();
    const text = await page.locator('.hint pre').innerText();
    await apply(/<<'END'\n(.*)\nEND\n/s.exec(text)?.[1] ?? '');
    await gone(page.getByText('Nobody declared this model.'));
  });

  it('says what is wrong, since when and who takes care of it, and acknowledges by click', async () => {
    await apply(errorRule);
    await open('live');
    await shown(status().getByRole('heading', { name: 'No open incident' }));
    const failed = { model: 'my-model', version: 'v1', role: 'ROLE_PRIMARY', input: 'order-2', error: 'no features' };
    await post('/v1/events', { prediction: { ...failed, time: new Date().toISOString() } });
    await shown(status().getByRole('heading', { name: /^Error rate [\d.]+ %, limit 5 %, v1, since \d{4}-/ }));
    await shown(status().getByText('Too many predictions fail'));
    await shown(status().getByText('nobody has acknowledged'));
    const acknowledging = incidents().locator('form', {
      has: page.getByRole('button', { name: 'Acknowledge', exact: true }),
    });
    await acknowledging.getByLabel('Your name').fill('maria');
    await page.getByRole('button', { name: 'Acknowledge', exact: true }).click();
    await shown(incidents().getByText('maria (name self-declared) acknowledged'));
    await shown(status().getByText('maria (name self-declared) takes care of it'));
    await gone(page.getByRole('button', { name: 'Acknowledge', exact: true }));
    await eventually('the title counts it', async () => /^\(\d+\) Moola$/.test(await page.title()));
  });

  it('shows a loading state', async () => {
    let answer: () => void = () => undefined;
    const held = new Promise<void>((resolve) => void (answer = resolve));
    await page.route('**/environments/live/models', async (route) => {
      await held;
      await route.continue();
    });
    await open('live');
    await shown(page.locator('[aria-busy=true]', { hasText: 'Loading' }));
    answer();
    await shown(page.getByRole('heading', { name: 'my-model', exact: true }));
  });

  it('says that the connection is lost, and goes on by itself when the server is there again', async () => {
    await open('live');
    await shown(page.getByText('connected', { exact: true }));
    await shown(page.getByRole('heading', { name: 'my-model', exact: true }));
    const { port } = moola;
    await moola.kill();
    await shown(page.getByRole('alert').getByText('The connection to the server is lost.'));
    await shown(page.getByText('connection lost', { exact: true }));
    await shown(page.getByRole('heading', { name: 'my-model', exact: true }));
    moola = await start(port);
    await gone(page.getByRole('alert'));
    await shown(page.getByText('connected', { exact: true }));
    await shown(incidents().getByText('maria (name self-declared) acknowledged'));
    await post('/v1/events', {
      prediction: {
        ...{ model: 'other-model', version: 'v1', role: 'ROLE_PRIMARY', input: 'order-3' },
        ...{ time: new Date().toISOString(), class: '1' },
      },
    });
    await shown(page.getByRole('button', { name: 'other-model' }));
  });

  it('opens the incident that a message links to, of its own model, and shows the incidents of the model chosen', async () => {
    const id = 'my-model~ErrorsHigh~1';
    await page.goto(`${moola.url}/?environment=live#/incidents/${encodeURIComponent(id)}`);
    const panel = incidents().getByRole('region', { name: `Incident ${id}` });
    await shown(panel.getByRole('heading', { name: /^Error rate [\d.]+ %, limit 5 %, v1, since / }));
    await shown(panel.getByRole('link', { name: 'https://wiki.example.org/errors' }));
    await shown(page.getByRole('article', { name: 'Model my-model' }));
    await page.getByRole('button', { name: 'other-model' }).click();
    await shown(incidents().getByText('None of other-model so far.'));
    await gone(panel);
    await status()
      .getByRole('link', { name: /^Error rate/ })
      .click();
    await shown(page.getByRole('article', { name: 'Model my-model' }));
    await shown(panel);
    expect(new URL(page.url()).hash).toBe(`#/incidents/${id}`);
  });

  it('names the environments that there are when it is asked for another one', async () => {
    await open('nowhere');
    await shown(page.getByRole('alert').getByText('There is no environment "nowhere" here: choose one above.'));
    await page.getByRole('navigation').getByRole('button', { name: 'live' }).click();
    await shown(page.getByRole('heading', { name: 'my-model', exact: true }));
  });

  it('tells the example to its end: what was wrong, what was decided and why, and that it helped', async () => {
    await open('example');
    await shown(page.getByText('Replay done'));
    await shown(status().getByText('Rolled back from v2 to v1, as a mitigation'));
    await shown(status().getByText('Verified: v1 − v2 = +0.52'));
    await shown(page.getByRole('row', { name: 'v2 − v1' }).getByText('v1 is better, with confidence'));
    await shown(page.getByText('2008-12-31'));
    const [opened, mitigated] = ['2008-06-30', '2008-07-31'];
    await shown(
      incidents()
        .getByRole('listitem')
        .filter({ hasText: opened })
        .getByText(/Opened as CRITICAL: Accuracy [\d.]+ %, limit 80 %, v2/)
        .first(),
    );
    await shown(incidents().getByRole('listitem').filter({ hasText: mitigated }).getByText('Mitigation from v2 to v1'));
    await shown(page.getByRole('img', { name: /^Accuracy of v1: now \d/ }));
    await page.getByRole('button', { name: 'Latency P95' }).click();
    await shown(page.getByRole('img', { name: /^Latency P95 of v1: now [\d.]+ ms, budget 50 ms$/ }));
    await page.getByRole('button', { name: 'Read the post-mortem' }).click();
    await shown(page.getByRole('dialog').getByRole('heading', { name: 'Root cause' }));
    await page.keyboard.press('Escape');
    await gone(page.getByRole('dialog'));
  });

  it.each([1440, 1000, 700, 420, 340])(
    'has room for itself, and cuts nothing off, on a screen of %i pixels',
    async (width) => {
      await page.setViewportSize({ width, height: 900 });
      await open('example');
      await shown(status());
      await shown(page.getByRole('img', { name: /^Accuracy/ }));
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      const cut = `[...document.querySelectorAll('table')].filter(
      ({ parentElement }) => parentElement.scrollWidth > parentElement.clientWidth,
    ).length`;
      await shown(page.getByRole('table', { name: /^Versions and budget/ }));
      expect(await page.evaluate(cut)).toBe(0);
    },
  );

  it('asks for the token when the server wants one', async () => {
    const token = 'a-token-of-enough-length';
    const data = `${folder.path}/guarded`;
    const guarded = await MoolaProcess.up(['--data', data, '--port', '0'], { MOOLA_TOKEN: token });
    try {
      await page.goto(guarded.url);
      await shown(page.getByRole('heading', { name: 'This server wants a token' }));
      await page.getByLabel('Token').fill(token);
      await page.getByRole('button', { name: 'Go on' }).click();
      await shown(page.getByRole('heading', { name: 'No model has sent anything yet' }));
      await shown(page.getByText('connected', { exact: true }));
    } finally {
      await guarded.kill();
    }
  });
});

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { temporaryFolder } from '@moola/streams/adapters/embedded/temporary-folder';
import type { Browser, Page } from 'playwright-core';
import { startBrowser } from '../testing/browser.js';
import { MoolaProcess } from '../testing/moola-process.js';

/** A safety net for a very busy machine: nothing here is decided by time. */
const patienceMs = 600_000;
jest.setTimeout(patienceMs);

const configured = 'a-token-of-enough-length';
const definitions = `kind: Rule
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
---
kind: Model
name: my-model
`;

/** A real process that asks for tokens, a real browser. */
describe('the page, to whoever has a token,', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let moola: MoolaProcess;
  let browser: Browser;
  let page: Page;
  const tokens = new Map<string, string>([['MOOLA_TOKEN', configured]]);
  const ids = new Map<string, string>();

  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(moola.url + path, {
      ...{ method, ...(body !== undefined && { body: JSON.stringify(body) }) },
      headers: {
        authorization: `Bearer ${configured}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
    });
    expect([path, response.ok]).toEqual([path, true]);
    return response.json();
  };
  const create = async (name: string, role: string, environments: readonly string[] | null = null) => {
    const made = await ask('POST', '/api/v1/tokens', { name, role, environments, expiresAtMs: null });
    const { id, token } = made as { id: string; token: string };
    tokens.set(name, token);
    ids.set(name, id);
  };
  const logIn = async (name: string) => {
    await page.goto(`${moola.url}/?environment=live#/incidents/my-model~ErrorsHigh~1`);
    await page.getByLabel('Token').fill(tokens.get(name) ?? '');
    await page.getByRole('button', { name: 'Go on' }).click();
  };
  const incidents = () => page.getByRole('complementary', { name: 'Incidents' });
  const button = (name: string) => page.getByRole('button', { name, exact: true });

  beforeAll(async () => {
    folder = await temporaryFolder();
    [browser, moola] = await Promise.all([
      startBrowser(),
      MoolaProcess.up(['--data', folder.path, '--port', '0'], { MOOLA_TOKEN: configured }),
    ]);
    for (const role of ['viewer', 'operator', 'admin', 'ingest']) await create(`a-${role}`, role);
    await create('leaving', 'operator');
    await ask('POST', '/api/v1/environments/live/definitions', { file: 'a.yaml', yaml: definitions });
    const failed = { model: 'my-model', version: 'v1', role: 'ROLE_PRIMARY', input: 'order-2', error: 'no features' };
    await ask('POST', '/v1/events', { prediction: { ...failed, time: new Date().toISOString() } });
  });
  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
    page.setDefaultTimeout(patienceMs / 3);
  });
  afterEach(() => page.close());
  afterAll(async () => {
    await browser?.close();
    await moola?.kill();
    await folder.remove();
  });

  it('shows a viewer everything, and what they cannot do is off, with the reason', async () => {
    await logIn('a-viewer');
    await page.getByText('a-viewer, viewer').waitFor();
    await incidents()
      .getByText('Your token (a-viewer) has the role viewer: to acknowledge or resolve needs the role operator.')
      .waitFor();
    expect(await button('Acknowledge').isDisabled()).toBe(true);
    expect(await button('Resolve').isDisabled()).toBe(true);
    expect(await page.getByLabel('Your name').count()).toBe(0);
  });

  it.each(['a-operator', 'a-admin', 'MOOLA_TOKEN'])('lets %s act, under the name that the token has', async (name) => {
    await logIn(name);
    await incidents().getByText(`You are known as ${name}.`).waitFor();
    expect(await button('Resolve').isEnabled()).toBe(true);
    expect(await page.getByLabel('Your name').count()).toBe(0);
  });

  it('puts who is authenticated into the timeline, without a mark', async () => {
    await logIn('a-operator');
    await button('Acknowledge').click();
    await incidents().getByText('a-operator acknowledged', { exact: true }).waitFor();
    await page.getByRole('region', { name: 'What is wrong' }).getByText('a-operator takes care of it').waitFor();
  });

  it('takes the verdict of an operator, shows it with author and time, and counts it', async () => {
    await logIn('a-operator');
    await incidents().getByText('Was this alert right?').click();
    await page.getByLabel('Note of the verdict').fill('labels were late');
    await button('False alarm').click();
    await incidents()
      .getByText(/^False alarm, says a-operator at .+: labels were late$/)
      .waitFor();
    await incidents().getByText('Verdict: a false alarm, says a-operator: labels were late').waitFor();
    await button('Real').click();
    await incidents()
      .getByText(/^Real, says a-operator at /)
      .waitFor();
    const quality = page.getByRole('region', { name: 'Alert quality' });
    await quality.getByRole('row', { name: 'ErrorsHigh 1 0 0 0 0 0 % (0 of 1) 0 % (0 of 1)' }).waitFor();
    await quality.getByText('Report an incident that no alert fired for').click();
    await page.getByLabel('From UTC').fill('2026-01-31T12:00');
    await page.getByLabel('To UTC').fill('2026-01-31T11:00');
    await button('Report').click();
    await quality.getByText('to: 2026-01-31T11:00:00Z is not after from').waitFor();
    await page.getByLabel('To UTC').fill('2026-01-31T14:00');
    await page.getByLabel('Rule that should').fill('ErrorsHigh');
    await button('Report').click();
    await quality.getByRole('row', { name: 'ErrorsHigh 1 0 0 0 1 0 % (0 of 1) 50 % (1 of 2)' }).waitFor();
    if (process.env['SCREENSHOT']) await page.screenshot({ path: process.env['SCREENSHOT'], fullPage: true });
  });

  it('takes no verdict of a viewer', async () => {
    await logIn('a-viewer');
    await incidents().getByText('Was this alert right?').click();
    await incidents().getByText('to judge needs the role operator.').waitFor();
    for (const verdict of ['Real', 'False alarm', 'Unclear']) expect(await button(verdict).isDisabled()).toBe(true);
  });

  it('tells a producer that its token does not read, and asks for another', async () => {
    await logIn('a-ingest');
    await page
      .getByRole('alert')
      .getByText('a-ingest has the role ingest, and this asks for the role viewer')
      .waitFor();
    await page.getByLabel('Token').fill('something-else-entirely');
    await button('Go on').click();
    await page.getByRole('alert').getByText('The server does not know that token.').waitFor();
    await page.getByLabel('Token').fill(tokens.get('a-viewer') ?? '');
    await button('Go on').click();
    await page.getByText('connected', { exact: true }).waitFor();
  });

  it('lets go of a token, and asks for another', async () => {
    await logIn('a-viewer');
    await button('other token').click();
    await page.getByRole('heading', { name: 'This server wants a token' }).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('ends for a token that is revoked while it is open, and says so', async () => {
    await logIn('leaving');
    await incidents().getByText('You are known as leaving.').waitFor();
    await ask('DELETE', `/api/v1/tokens/${ids.get('leaving')}`);
    await page
      .getByRole('alert')
      .getByText(/of leaving was revoked on .* somebody with the role admin/)
      .waitFor();
  });
});

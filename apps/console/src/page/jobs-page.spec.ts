import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { temporaryFolder } from '@moola/streams/adapters/embedded/temporary-folder';
import type { Browser, Page } from 'playwright-core';
import { startBrowser } from '../testing/browser.js';
import { MoolaProcess } from '../testing/moola-process.js';

/** A safety net for a very busy machine: nothing here is decided by time. */
jest.setTimeout(600_000);

const gib = 2 ** 30;
const reports = 60;

/** Reports of a job that began 25 minutes ago and whose memory grows: in about 11 minutes it reaches its limit. */
function training(nowMs: number): unknown[] {
  return Array.from({ length: reports }, (_, i) => {
    const time = new Date(nowMs - (reports - 1 - i) * 25_000).toISOString();
    const memory = { memoryBytes: Math.round((4 + 0.14 * i) * gib), memoryLimitBytes: 16 * gib };
    const checkpoint = i % 20 === 19 ? { checkpoint: 'saved' } : {};
    const step = { step: 100 * (i + 1), totalSteps: 10_000, loss: 2 / (1 + i / 8) };
    return { source: 's', trainingProgress: { model: 'churn', job: 'fit-7', time, ...step, ...memory, ...checkpoint } };
  });
}

const samples = (nowMs: number): unknown[] =>
  ['pod-1', 'pod-2'].map((instance, i) => ({
    infrastructureSample: {
      ...{ model: 'churn', instance, time: new Date(nowMs).toISOString(), cpuRatio: 0.42, diskRatio: 0.5 + 0.4 * i },
      ...{ memoryBytes: 3 * gib, memoryLimitBytes: 4 * gib },
    },
  }));

const orders = (nowMs: number): unknown[] =>
  [12.5, 30, -2.5].map((value, i) => ({
    measurement: {
      model: 'churn',
      name: 'revenue',
      value,
      unit: 'USD',
      time: new Date(nowMs - i * 1000).toISOString(),
    },
  }));

/** A real process, real events, a real browser. */
describe('the page, of a model that is trained,', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let moola: MoolaProcess;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    folder = await temporaryFolder();
    [browser, moola] = await Promise.all([
      startBrowser(),
      MoolaProcess.up(['--data', folder.path, '--port', '0'], { MOOLA_PROMETHEUS_MAIN_URL: 'http://127.0.0.1:1' }),
    ]);
    const nowMs = Date.now();
    const response = await fetch(`${moola.url}/v1/events`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
      body: JSON.stringify([...training(nowMs), ...samples(nowMs), ...orders(nowMs)]),
    });
    expect(await response.json()).toMatchObject({ accepted: reports + 5, refused: 0 });
    // Nobody listens on port 1.
    const yaml =
      'kind: Model\nname: churn\nbudget: { measurements: [{ name: revenue, figure: sum, below: 1000, window: 1h, for: 0s }] }\n---\nkind: Infrastructure\nname: churn-pods\nmodel: churn\nserver: main\ninterval: 5s\npreset: kubernetes\n';
    const applied = await fetch(`${moola.url}/api/v1/environments/live/definitions`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
      body: JSON.stringify({ file: 'churn.yaml', yaml }),
    });
    expect(applied.status).toBe(200);
    page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
    await page.goto(`${moola.url}/?environment=live`);
  });
  afterAll(async () => {
    await browser?.close();
    await moola?.kill();
    await folder?.remove();
  });

  it('shows how far the job is, its loss, its memory against the limit and what threatens it', async () => {
    const jobs = page.getByRole('region', { name: 'Training jobs' });
    await jobs.getByText('6,000 of 10,000').waitFor();
    const text = (await jobs.innerText()).replace(/\s+/g, ' ');
    expect(text).toContain('running fit-7');
    expect(text).toMatch(/Time left \d+ min/);
    expect(text).toMatch(/Memory 12\.3 GiB of 16 GiB/);
    expect(text).toMatch(/Out of memory in 1\d min/);
    expect(text).toContain('3 saved');
    for (const name of ['Loss over steps', 'Memory over time']) {
      const curve = jobs.getByRole('img', { name }).locator('polyline');
      expect((await curve.getAttribute('points'))?.split(' ').length).toBeGreaterThan(30);
    }
  });

  it('shows what a Prometheus is asked for, and what is wrong with that', async () => {
    const asked = page.getByRole('list', { name: 'Asked of Prometheus servers' });
    await asked.getByText('main cannot be asked: ECONNREFUSED').waitFor();
    expect((await asked.innerText()).replace(/\s+/g, ' ')).toBe(
      'churn-pods: 0 instances, from main every 5 s not answered yet main cannot be asked: ECONNREFUSED',
    );
  });

  it('shows what it runs on, and the alerts of both by name', async () => {
    const instances = page.getByRole('region', { name: 'Instances' });
    await instances.getByRole('row', { name: /pod-2 .*42 % .*75 % .*90 %/ }).waitFor();
    const alerts = page.locator('.alerts');
    await alerts.getByText('PretrainingOOM, critical, on job fit-7').waitFor();
    await alerts.getByText('InstanceDiskFull, warning, on instance pod-2').waitFor();
    await page
      .getByRole('complementary', { name: 'Incidents' })
      .getByText(/Time until out of memory .* job fit-7/)
      .first()
      .waitFor();
  });

  it('shows what is measured of it, and the alert of its budget on that', async () => {
    const measurements = page.getByRole('region', { name: 'Measurements' });
    await measurements.getByRole('row', { name: /revenue ?USD 12\.5 13\.33 40 3 [-−]2\.5 30/ }).waitFor();
    await page
      .locator('.alerts')
      .getByText('budget.measurement_sum.revenue, warning, on measurement revenue')
      .waitFor();
  });

  it('shows no chart, no budget and no rollback of a model that has sent no prediction', async () => {
    const model = page.getByRole('article', { name: 'Model churn' });
    expect(await model.locator('.history').count()).toBe(0);
    expect(await model.innerText()).not.toMatch(/0 predictions|not enough data|None is known yet/);
    const status = page.getByRole('region', { name: 'What is wrong' });
    await status.getByText('Nothing to roll back').waitFor();
    expect(await status.innerText()).not.toContain('gate: true');
  });

  it('fits a phone', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    expect(Number(await page.evaluate('document.documentElement.scrollWidth'))).toBeLessThanOrEqual(390);
  });
});

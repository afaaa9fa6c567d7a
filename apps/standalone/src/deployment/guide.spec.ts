import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readComposeFile, repository } from '../compose/compose-file.js';
import { parseOptions } from './options.js';
import { runDeployment } from './run-deployment.js';

const guide = readFileSync(join(repository, 'docs/deployment.md'), 'utf8');
const calls = [...guide.matchAll(/^ *deploy\/deploy_monitoring\.sh(.*?)(?:#.*)?$/gm)].map(([, words = '']) =>
  words.trim(),
);

/** Files that the guide's readers write themselves, and what stands for them here. */
const readersOwn: Readonly<Record<string, string>> = {
  'moola-values.yaml': 'helm/moola-monitoring/values/production.yaml',
  'models.yaml': 'examples/index-volatility/definitions.yaml',
};

describe('docs/deployment.md', () => {
  const folder = mkdtempSync(join(tmpdir(), 'moola-guide-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('has the commands for every target', () => {
    expect(calls.length).toBeGreaterThanOrEqual(14);
    expect(new Set(calls).size).toBeGreaterThanOrEqual(12);
  });

  it.each([...new Set(calls)])(
    '`deploy/deploy_monitoring.sh %s` is understood, and does not fail in a dry run',
    async (words) => {
      const report = ['--report', join(folder, 'report.md'), '--dry-run'];
      const files = words.split(' ').map((word) => {
        const file = readersOwn[word] ?? word;
        return file.endsWith('.yaml') ? join(repository, file) : file;
      });
      const parsed = parseOptions([...files.filter((word) => word !== ''), ...report]);
      if (!parsed.ok) throw new Error(parsed.problem);
      const lines: string[] = [];
      const nowhere = { MOOLA_LOCAL_DEPLOYMENT: join(folder, 'local') };
      const code = await runDeployment(parsed.options, nowhere, (line) => void lines.push(line));
      // Nothing is deployed here that could be tested or removed; that is said.
      expect([code, lines.filter((line) => line.startsWith('failed'))]).toEqual([0, []]);
    },
  );

  it('names the ports and the variables of docker-compose.yml', () => {
    const { services } = readComposeFile();
    for (const port of ['8080', '8081', '8082', '3000', '9090', '9094']) {
      expect(guide).toContain(`localhost:${port}`);
      expect(
        Object.values(services)
          .flatMap(({ ports }) => ports ?? [])
          .join(),
      ).toContain(`127.0.0.1:${port}:`);
    }
    for (const name of Object.keys(services['settings']?.environment ?? {})) expect(guide).toContain(name);
    const limits = Object.values(services).map(
      ({ mem_limit: limit = '0m' }) => Number.parseInt(limit, 10) * (limit.endsWith('g') ? 1024 : 1),
    );
    expect(guide).toContain(
      `Together they may use ${Math.round(limits.reduce((sum, limit) => sum + limit, 0) / 1024)} GB`,
    );
  });
});

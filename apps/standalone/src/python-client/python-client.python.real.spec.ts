import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCommand, type CommandEnd } from '@moola/testbed/command';
import { pythonEnvironment } from '@moola/testbed/python-environment';

const client = fileURLToPath(new URL('../../../../clients/python', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'moola-python-'));
const settings = join(client, 'pyproject.toml');
let python = '';

/** A module of the environment, on the client's sources. What it writes beside them would be in the checkout. */
const run = (module: string, ...args: string[]): Promise<CommandEnd> =>
  runCommand(python, ['-B', '-m', module, ...args], { PYTHONDONTWRITEBYTECODE: '1', NODE_OPTIONS: '' });

/** What runs beside each other: most of each is waiting. */
interface Runs {
  readonly unit: Promise<CommandEnd>;
  readonly system: Promise<CommandEnd>;
  readonly types: Promise<CommandEnd>;
}
let runs: Runs;

const reportOf = (folder: string): string => join(work, `${folder}.xml`);
const pytest = (folder: string): Promise<CommandEnd> =>
  run('pytest', '-q', '-c', settings, `--junitxml=${reportOf(folder)}`, join(client, 'tests', folder));

function mypy(): Promise<CommandEnd> {
  // Beside the packages whose types it holds: most of the work is theirs.
  const cache = join(dirname(python), '../mypy-cache');
  const parts = ['src', 'tests', 'examples', 'bench'].map((name) => join(client, name));
  return run('mypy', '--config-file', settings, '--cache-dir', cache, ...parts);
}

/** How many tests of a part passed: none may fail, or be left out. */
async function passed(folder: 'unit' | 'system'): Promise<number> {
  const { code, output } = await runs[folder];
  expect({ code, output }).toEqual({ code: 0, output: expect.any(String) });
  const suite = /<testsuite [^>]*>/.exec(readFileSync(reportOf(folder), 'utf8'))?.[0] ?? '';
  const count = (name: string): number => Number(new RegExp(` ${name}="(\\d+)"`).exec(suite)?.[1]);
  expect([count('errors'), count('failures'), count('skipped')]).toEqual([0, 0, 0]);
  return count('tests');
}

describe('the Python client', () => {
  beforeAll(async () => {
    python = await pythonEnvironment();
    runs = { unit: pytest('unit'), system: pytest('system'), types: mypy() };
  }, 900_000);
  afterAll(async () => {
    await Promise.all(Object.values(runs ?? {}));
    rmSync(work, { recursive: true, force: true });
  }, 600_000);

  it('stands up to servers that misbehave, forks, odd values and frames', async () => {
    const files = readdirSync(join(client, 'tests/unit')).filter((name) => name.startsWith('test_'));
    expect(files).toHaveLength(9);
    expect(await passed('unit')).toBeGreaterThan(250);
  }, 600_000);

  it('watches real models and a training loop in the running system', async () => {
    expect(existsSync('apps/cli/dist/main.js')).toBe(true);
    expect(await passed('system')).toBe(12);
  }, 600_000);

  it('is typed without a gap, its tests and examples too', async () => {
    const { code, output } = await runs.types;
    expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('Success: no issues found') });
  }, 600_000);

  it('installs by pip, with its types, and needs nothing but Python', async () => {
    const folder = join(work, 'installed');
    const options = ['--quiet', '--no-build-isolation', '--no-deps', '--no-compile'];
    const installed = await run('pip', 'install', ...options, '--target', folder, client);
    expect(installed).toEqual({ code: 0, output: '' });
    expect(existsSync(join(folder, 'moola/py.typed'))).toBe(true);
    // Without the environment's packages, without the sources.
    const program = `import sys; sys.path.append(${JSON.stringify(folder)}); import moola; print(moola.__version__, moola.Client().stats)`;
    const said = await runCommand(python, ['-I', '-S', '-B', '-W', 'error', '-c', program]);
    expect(said).toEqual({ code: 0, output: '0.1.0 Stats(accepted=0, refused=0, dropped=0, buffered=0)\n' });
  });
});

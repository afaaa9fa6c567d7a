import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';

/** The scripts of tools/start, in a small project whose steps only write down that they ran. */

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

let folder: string;
const path = (name: string) => join(folder, name);
const step = (name: string) => `node -e "fs.appendFileSync('ran', '${name} ')"`;
const steps = ['generate', 'build:services', 'build:page-types', 'build:page'];
const packages = { '': {}, 'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' } };
const optional = { 'node_modules/windows-only': { version: '1.0.0', optional: true } };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'moola-prepare-'));
  folders.push(folder);
  cpSync('tools/start', path('tools/start'), { recursive: true });
  for (const each of ['apps/cli/dist', 'libs', 'proto', 'node_modules']) mkdirSync(path(each), { recursive: true });
  for (const each of ['tsconfig.json', 'tsconfig.base.json', 'buf.gen.yaml', 'libs/a.ts'])
    writeFileSync(path(each), '');
  writeFileSync(path('apps/cli/dist/main.js'), "console.log('moola', ...process.argv.slice(2))");
  writeFileSync(path('package-lock.json'), JSON.stringify({ packages: { ...packages, ...optional } }));
  writeFileSync(
    path('node_modules/.package-lock.json'),
    JSON.stringify({ packages: { 'node_modules/a': packages['node_modules/a'] } }),
  );
  const build = [...steps.map((name) => `npm run --silent ${name}`), 'node tools/start/mark-built.mjs'].join(' && ');
  const scripts = { ...Object.fromEntries(steps.map((name) => [name, step(name)])), build };
  writeFileSync(path('package.json'), JSON.stringify({ type: 'module', scripts }));
});

function run(command: string, ...words: string[]) {
  rmSync(path('ran'), { force: true });
  const { status, stdout, stderr } = spawnSync(command, words, { cwd: folder, encoding: 'utf8' });
  const ran = existsSync(path('ran')) ? readFileSync(path('ran'), 'utf8').trim().split(' ') : [];
  return { status, stdout, stderr, ran };
}
const build = () => run(process.execPath, 'tools/start/build.mjs');

describe('preparing', () => {
  it('does not build again what npm run build has built, until a source changes', () => {
    expect(run('npm', 'run', '--silent', 'build')).toMatchObject({ status: 0, ran: steps });
    expect(build()).toEqual({ status: 0, stdout: '', stderr: '', ran: [] });
    utimesSync(path('libs/a.ts'), 1, 1);
    expect(build().ran).toEqual([]);
    writeFileSync(path('libs/a.ts'), 'changed');
    const again = build();
    expect(again.ran).toEqual(steps);
    expect(again.stderr).toMatch(/Building 1\/4: contracts … done in \d+ s\n/);
    expect(build().ran).toEqual([]);
  });

  it('says what a step wrote when it failed, and does not take it for built', () => {
    const broken = JSON.parse(readFileSync(path('package.json'), 'utf8')) as { scripts: Record<string, string> };
    broken.scripts['build:services'] = 'echo a.ts is wrong && exit 3';
    writeFileSync(path('package.json'), JSON.stringify(broken));
    const failed = build();
    expect(failed.status).toBe(3);
    expect(failed.stderr).toMatch(/Building 2\/4: services … failed after \d+ s\n\na.ts is wrong/);
    expect(build().ran).toEqual(['generate']);
  });

  it('builds before the first command, and only then', () => {
    const moola = () => run(process.execPath, 'tools/start/moola.mjs', 'check', 'x.yaml');
    expect(moola()).toMatchObject({ status: 0, stdout: 'moola check x.yaml\n', ran: steps });
    expect(moola()).toEqual({ status: 0, stdout: 'moola check x.yaml\n', stderr: '', ran: [] });
  });

  it('installs when a package is another than the lock file has', () => {
    const locked = { ...packages, 'node_modules/a': { version: '2.0.0', integrity: 'sha512-b' } };
    writeFileSync(path('package-lock.json'), JSON.stringify({ packages: locked }));
    expect(build().stderr).toContain('Installing 2 packages (once) …');
  });
});

// `node tools/image/assemble.mjs <folder>`: puts what the image holds into an empty folder: what was built, and the packages
// that run it. deploy/Dockerfile calls it, and so does the test that starts the services from such a folder.
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const [target, ...more] = process.argv.slice(2);
if (target === undefined || more.length > 0) fail('Usage: node tools/image/assemble.mjs <folder>', 2);
const folder = resolve(target);

if (existsSync(folder) && readdirSync(folder).length > 0) fail(`${folder} is not empty: name a new folder`);
for (const built of ['apps/cli/dist/main.js', 'apps/console/page/dist/index.html'])
  if (!existsSync(join(root, built))) fail(`${built} is not there: npm run build`);

/** Only tests use these. */
const testsOnly = ['libs/testbed', 'libs/testing'];
// What containers run beside the services: checks of health, making keys.
const programs = readdirSync(join(root, 'deploy')).filter((name) => name.endsWith('.mjs'));
const files = ['package.json', 'package-lock.json', '.npmrc', 'examples', ...programs.map((name) => `deploy/${name}`)];

const workspaces = ['apps', 'libs'].flatMap((part) =>
  readdirSync(join(root, part), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(root, part, entry.name, 'package.json')))
    .map((entry) => `${part}/${entry.name}`),
);

mkdirSync(folder, { recursive: true });
for (const file of files) copy(file, (path) => !/\/train(\/|$)/.test(path));
for (const workspace of workspaces) {
  copy(`${workspace}/package.json`);
  if (!testsOnly.includes(workspace)) copy(`${workspace}/dist`, isRun);
}

copy('apps/console/page/dist');

// The lock file's versions, without what only builds and tests need. No script of a package runs.
const install = spawnSync(
  'npm',
  ['ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
  {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  },
);
if (install.status !== 0) fail(`npm ci failed in ${folder}`);

for (const workspace of testsOnly) {
  const { name } = JSON.parse(readFileSync(join(folder, workspace, 'package.json'), 'utf8'));
  for (const path of [join('node_modules', name), workspace]) rmSync(join(folder, path), { recursive: true });
}

// `moola …` in the image.
const command = join(folder, 'bin/moola');
mkdirSync(dirname(command));
writeFileSync(command, '#!/bin/sh\nexec node "$(dirname "$0")/../apps/cli/dist/main.js" "$@"\n');
chmodSync(command, 0o755);

function copy(path, filter = () => true) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  cpSync(join(root, path), join(folder, path), { recursive: true, filter });
}

/** No tests, no types and no marks of the build. */
function isRun(path) {
  return !/(\.spec\.js|\.d\.ts|\.map|\.tsbuildinfo|\.moola-built)$/.test(path);
}

function fail(message, code = 1) {
  console.error(message);
  process.exit(code);
}

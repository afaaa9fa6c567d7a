import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { checkerProgram } from '@moola/testbed/checkers';
import { runCommand } from '@moola/testbed/command';
import { repository } from '../compose/compose-file.js';

const at = (path: string): string => join(repository, path);
const workflows = readdirSync(at('.github/workflows')).map((name) => at(`.github/workflows/${name}`));

describe('what builds and deploys Moola is accepted by', () => {
  it('hadolint: the Dockerfile', async () => {
    const { code, output } = await runCommand(await checkerProgram('hadolint'), [
      '--no-color',
      at('deploy/Dockerfile'),
    ]);
    expect([output, code]).toEqual(['', 0]);
  });

  it('actionlint, with shellcheck: the workflows', async () => {
    const shellcheck = await checkerProgram('shellcheck');
    const args = ['-no-color', '-shellcheck', shellcheck, '-pyflakes', '', ...workflows];
    const { code, output } = await runCommand(await checkerProgram('actionlint'), args);
    expect(workflows).not.toEqual([]);
    expect([output, code]).toEqual(['', 0]);
  });

  it('shellcheck: every shell script', async () => {
    const found = await runCommand('git', ['-C', repository, 'ls-files', '*.sh', '.ci/run']);
    const scripts = found.output.trim().split('\n');
    expect(scripts).toContain('.ci/run');
    const { code, output } = await runCommand(await checkerProgram('shellcheck'), scripts.map(at));
    expect([output, code]).toEqual(['', 0]);
  });
});

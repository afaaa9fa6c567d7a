import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { programPath, runCommand, type CommandEnd } from './command.js';

describe('npm test on a machine without Java, Redis and a way to install them', () => {
  const runTests = fileURLToPath(new URL('../../../tools/testbed/run-tests.mjs', import.meta.url));
  let bin: string;

  beforeAll(() => {
    bin = mkdtempSync(join(tmpdir(), 'moola-bin-'));
    for (const name of ['node', 'sh', 'cat', 'rm', 'sleep', 'kill']) {
      const path = programPath(name);
      if (path !== undefined) symlinkSync(path, join(bin, name));
    }
  });

  afterAll(() => rmSync(bin, { recursive: true }));

  const run = (...args: string[]): Promise<CommandEnd> => {
    const environment = { PATH: bin, MOOLA_KAFKA_BROKERS: '', REDIS_URL: '', MOOLA_TESTBED_CACHE: join(bin, 'none') };
    return runCommand(process.execPath, [runTests, ...args, 'libs/testbed/src/(shared|parts)'], environment);
  };

  it('runs the rest and says which suites it left out, and what gets each part', async () => {
    const { code, output } = await run();
    expect(code).toBe(0);
    expect(output).toMatch(/PASS libs\/testbed\/src\/parts\.spec\.ts/);
    expect(output).toContain(`
Left out, because they need a real part that is not here:
  libs/testbed/src/shared.real.spec.ts
Kafka cannot be had here: there is no java on the PATH and no apt-get to install it. To get it: apt-get install default-jre-headless maven, or set MOOLA_KAFKA_BROKERS to one that runs
Redis cannot be had here: there is no redis-server on the PATH and no apt-get to install it. To get it: apt-get install redis-server, or set REDIS_URL to one that runs
`);
  });

  it('fails, where every suite is asked for, after it has run the rest', async () => {
    const { code, output } = await run('--every-suite');
    expect(code).toBe(1);
    expect(output).toMatch(/PASS libs\/testbed\/src\/parts\.spec\.ts/);
    expect(output).toContain('  libs/testbed/src/shared.real.spec.ts\n');
  });
});

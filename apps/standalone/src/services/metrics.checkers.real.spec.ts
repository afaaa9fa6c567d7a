import { expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '@moola/testbed/command';
import { checkerProgram } from '@moola/testbed/checkers';
import { allMetrics } from './all-metrics.js';

it('promtool finds nothing wrong with the metrics of the services', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'moola-metrics-'));
  try {
    await writeFile(join(folder, 'metrics'), await allMetrics());
    const promtool = await checkerProgram('promtool');
    const { output } = await runCommand('sh', ['-c', '"$0" check metrics < "$1"', promtool, join(folder, 'metrics')]);
    expect(output).toBe('');
  } finally {
    await rm(folder, { recursive: true });
  }
});

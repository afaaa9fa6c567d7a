import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { runCommand } from '@moola/testbed/command';
import { checkerProgram, type Checker } from '@moola/testbed/checkers';
import { repository } from './compose-file.js';

describe('what docker-compose.yml deploys is accepted by', () => {
  it.each<[Checker, string]>([
    ['compose-go', '@docker-compose.yml'],
    // The token that it sends is in a volume: its file is not looked for.
    ['promtool', 'check config --syntax-only @deploy/prometheus/prometheus.yml'],
    ['amtool', 'check-config @deploy/alertmanager/alertmanager.yml'],
  ])('%s %s', async (checker, line) => {
    const args = line.split(' ').map((word) => (word.startsWith('@') ? join(repository, word.slice(1)) : word));
    const { code, output } = await runCommand(await checkerProgram(checker), args);
    expect([code, output]).toEqual([0, expect.any(String)]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { expected, finalLineOf, minutes, type Ended } from '../testing/play-example.js';

/** Runs `npm run start:distributed` to its end, on a Kafka and a Redis of its own. */
function startDistributed(...options: string[]): Promise<Ended> {
  const { MOOLA_KAFKA_BROKERS: _brokers, REDIS_URL: _redis, ...env } = process.env;
  return new Promise((resolve, reject) => {
    const words = ['tools/start/distributed.mjs', '--exit-when-done', '--json', '--port', '0', ...options];
    const child = spawn(process.execPath, words, { env });
    let text = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (errors += chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, lines: text.trim().split('\n'), errors }));
  });
}

describe('the story of the example as separate processes', () => {
  it(
    'is the same, figure by figure, with two instances of each service on three partitions',
    async () => {
      const ended = await startDistributed('--instances', '2', '--partitions', '3');
      expect(finalLineOf(ended)).toEqual(expected('story-seed-1'));
    },
    15 * minutes,
  );
});

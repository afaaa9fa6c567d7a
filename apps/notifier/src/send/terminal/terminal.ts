import type { Writable } from 'node:stream';
import type { AttemptResult, Channel, Notice } from '../channel.js';
import { box } from './box.js';

/** How many notifications it remembers, so that one that was meant for several channels is printed once. */
const remembered = 1000;

/**
 * Prints notifications for whoever sits at the screen: as a channel of its own, in place of channels that are not
 * configured, and as the last resort.
 */
export function terminal(output: Writable): Channel {
  const printed = new Set<string>();
  return {
    foldsRepetitions: true,
    async attempt(notice, signal) {
      const key = JSON.stringify([notice.notification, notice.text]);
      // The same receipt as for the first: a replay that was killed half-way must not tell the difference.
      if (printed.has(key)) return { outcome: 'delivered', detail: 'printed' };
      const result = await print(output, notice, signal);
      if (result.outcome === 'delivered') printed.add(key);
      if (printed.size > remembered) printed.delete([...printed][0] as string);
      return result;
    },
  };
}

function print(output: Writable, notice: Notice, signal: AbortSignal): Promise<AttemptResult> {
  return new Promise((resolve) => {
    if (!output.writable) return resolve({ outcome: 'failed', detail: 'the terminal is closed' });
    signal.addEventListener('abort', () => resolve({ outcome: 'unknown', detail: 'the terminal takes nothing' }));
    output.write(box(notice), (error) =>
      resolve(error ? { outcome: 'failed', detail: error.message } : { outcome: 'delivered', detail: 'printed' }),
    );
  });
}

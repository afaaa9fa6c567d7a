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
  const printed = new Map<string, Promise<AttemptResult>>();
  return {
    foldsRepetitions: true,
    async attempt(notice, signal) {
      const key = JSON.stringify([notice.notification, notice.text]);
      // The same receipt as for the first, which may still be on its way: a replay that was killed half-way must not tell
      // the difference.
      const earlier = printed.get(key);
      if (earlier !== undefined) return earlier;
      const printing = print(output, notice, signal);
      printed.set(key, printing);
      if (printed.size > remembered) printed.delete([...printed.keys()][0] as string);
      const result = await printing;
      if (result.outcome !== 'delivered') printed.delete(key);
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

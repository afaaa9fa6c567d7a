import { describeStateFormats } from '@moola/testing/state-formats';
import { randomRows } from '../testing/random-story.js';
import { createTracker } from './tracker.js';

describeStateFormats({
  processor: createTracker({ windowsMs: [60_000, 300_000, 3_600_000] }),
  rows: randomRows(1, 60),
  folder: new URL('./state-formats', import.meta.url),
});

import { describeStateFormats } from '@moola/testing/state-formats';
import { randomRows, withSubjects } from '../testing/random-story.js';
import { createTracker } from './tracker.js';

describeStateFormats({
  processor: createTracker({ windowsMs: [60_000, 300_000, 3_600_000] }),
  rows: withSubjects(randomRows(1, 60), 1),
  folder: new URL('./state-formats', import.meta.url),
});

import { Random } from '@moola/streams/adapters/simulated/random';
import { describeStateFormats } from '@moola/testing/state-formats';
import { randomPairs } from '../story/traffic.js';
import { protectedValueProcessor } from './protected-value-processor.js';

describeStateFormats({
  processor: protectedValueProcessor,
  rows: randomPairs(new Random(1), 12),
  folder: new URL('./state-formats', import.meta.url),
});

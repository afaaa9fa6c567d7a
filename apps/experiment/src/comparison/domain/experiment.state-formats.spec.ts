import { Random } from '@moola/streams/adapters/simulated/random';
import { describeStateFormats } from '@moola/testing/state-formats';
import { randomTraffic } from '../story/traffic.js';
import { experimentProcessor } from './experiment-processor.js';

const settings = { bucketMs: 60_000, lag: 2, alpha: 0.05, tunedForBuckets: 60, minimumPairs: 2, designEffect: 3 };

describeStateFormats({
  processor: experimentProcessor,
  rows: randomTraffic(new Random(1), settings, 20),
  folder: new URL('./state-formats', import.meta.url),
});

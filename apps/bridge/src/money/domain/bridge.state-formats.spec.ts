import { Random } from '@moola/streams/adapters/simulated/random';
import { describeStateFormats } from '@moola/testing/state-formats';
import { valueDefinition } from '../story/snapshot-rows.js';
import { randomSnapshots } from '../story/traffic.js';
import { bridgeProcessor } from './bridge-processor.js';

const value = valueDefinition({ valuePerPredictionUsd: 3, predictionsPerDay: 100, modelCostPerDayUsd: 7 });

describeStateFormats({
  processor: bridgeProcessor,
  rows: [{ definition: value }, ...randomSnapshots(new Random(1), 12)],
  folder: new URL('./state-formats', import.meta.url),
});

import { describeStateFormats } from '@moola/testing/state-formats';
import { SeededRandom } from '../story/random.js';
import { randomIntake } from '../story/random-intake.js';
import { joinProcessor } from './join-processor.js';

describeStateFormats({
  processor: joinProcessor,
  rows: randomIntake(new SeededRandom(7), 120),
  folder: new URL('./state-formats', import.meta.url),
});

import { Controller } from '@nestjs/common';
import type { ObservationRow } from '@moola/contracts/rows';
import { StreamProcessor } from '@moola/streams/nest/stream-handlers';
import type { Processor } from '@moola/streams/processor/processor';
import { createTracker } from './domain/tracker.js';

@Controller()
export class TrackerController {
  /** Windows, budgets and alert rules: from `observations` to `snapshots` and `signals`. */
  @StreamProcessor()
  track(): Processor<ObservationRow> {
    return createTracker();
  }
}

import { Controller } from '@nestjs/common';
import { StreamProcessor } from '@moola/streams/nest/stream-handlers';
import type { Processor } from '@moola/streams/processor/processor';
import { experimentProcessor } from './domain/experiment-processor.js';

@Controller()
export class ComparisonController {
  @StreamProcessor()
  compare(): Processor<unknown> {
    return experimentProcessor;
  }
}

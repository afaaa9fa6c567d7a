import { Controller } from '@nestjs/common';
import { StreamProcessor } from '@moola/streams/nest/stream-handlers';
import type { Processor } from '@moola/streams/processor/processor';
import { bridgeProcessor } from './domain/bridge-processor.js';

@Controller()
export class MoneyController {
  @StreamProcessor()
  compute(): Processor<unknown> {
    return bridgeProcessor;
  }
}

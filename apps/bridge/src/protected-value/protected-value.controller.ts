import { Controller } from '@nestjs/common';
import { StreamProcessor } from '@moola/streams/nest/stream-handlers';
import type { Processor } from '@moola/streams/processor/processor';
import { protectedValueProcessor } from './domain/protected-value-processor.js';

@Controller()
export class ProtectedValueController {
  @StreamProcessor()
  protect(): Processor<unknown> {
    return protectedValueProcessor;
  }
}

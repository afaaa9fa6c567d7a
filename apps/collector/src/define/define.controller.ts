import { Controller } from '@nestjs/common';
import { StreamProcessor } from '@moola/streams/nest/stream-handlers';
import type { Processor } from '@moola/streams/processor/processor';
import { defineProcessor } from './domain/define-processor.js';

@Controller()
export class DefineController {
  /** From `definitions` to wherever they take effect. */
  @StreamProcessor()
  define(): Processor<unknown> {
    return defineProcessor;
  }
}

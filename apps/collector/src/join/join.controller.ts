import { Controller } from '@nestjs/common';
import { StreamProcessor } from '@moola/streams/nest/stream-handlers';
import type { Processor } from '@moola/streams/processor';
import { joinProcessor } from './domain/join-processor.js';

@Controller()
export class JoinController {
  /** Outcomes to predictions, every event once: from `intake` to `observations`. */
  @StreamProcessor()
  join(): Processor<unknown> {
    return joinProcessor;
  }
}

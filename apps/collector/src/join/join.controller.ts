import { Controller, Inject } from '@nestjs/common';
import { StreamProcessor } from '@moola/streams/nest/stream-handlers';
import type { Processor } from '@moola/streams/processor/processor';
import { collectorOptions, type CollectorOptions } from '../collector-options.js';
import { createJoin } from './domain/join-processor.js';

@Controller()
export class JoinController {
  constructor(@Inject(collectorOptions) private readonly options: CollectorOptions) {}

  /** Outcomes to predictions, every event once: from `intake` to `observations`. */
  @StreamProcessor()
  join(): Processor<unknown> {
    const { remembered } = this.options;
    return createJoin((partition, heldFromMs) => remembered?.begun(partition, heldFromMs));
  }
}

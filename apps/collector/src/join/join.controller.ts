import { Controller, Inject } from '@nestjs/common';
import { StreamProcessor } from '@moola/streams/nest/stream-handlers';
import { joinLetter } from './join-letter.js';
import type { Processor } from '@moola/streams/processor/processor';
import { collectorOptions, type CollectorOptions } from '../collector-options.js';
import { createJoin, type OnRemembering } from './domain/join-processor.js';

@Controller()
export class JoinController {
  constructor(@Inject(collectorOptions) private readonly options: CollectorOptions) {}

  /** Outcomes to predictions, every event once: from `intake` to `observations`. */
  @StreamProcessor()
  join(): Processor<unknown> {
    const { remembered, fromOutside, key } = this.options;
    const remember: OnRemembering = (partition, heldFromMs) => remembered?.begun(partition, heldFromMs);
    if (fromOutside === undefined) return createJoin(remember);
    const { mostUndeclaredModels, refusedByJoin } = fromOutside;
    return createJoin(remember, {
      mostUndeclaredModels,
      letter(refusal) {
        refusedByJoin?.(refusal.refused.reason, refusal.events);
        return joinLetter(key, refusal);
      },
    });
  }
}

import { Controller, Inject } from '@nestjs/common';
import { mergedByTick } from '@moola/streams/processor/merge-by-tick';
import { StreamProcessor } from '@moola/streams/nest/stream-handlers';
import type { Processor } from '@moola/streams/processor/processor';
import { plan } from './domain/plan/plan.js';
import { notifierOptions, type NotifierOptions } from './notifier-options.js';

@Controller()
export class PlanController {
  constructor(@Inject(notifierOptions) private readonly options: NotifierOptions) {}

  /** Who hears what by which channel, and when: from `notifications` to `deliveries`. */
  @StreamProcessor()
  plan(): Processor<unknown> {
    const processor = plan(this.options.plan);
    switch (this.options.time) {
      case 'wall':
        return processor;
      case 'replay':
        return mergedByTick(processor, { sources: [{ processor: 'responder/decide', partition: 0 }] });
    }
  }
}

import { Controller, Inject } from '@nestjs/common';
import { StreamProcessor } from '@moola/streams/nest/stream-handlers';
import type { Processor } from '@moola/streams/processor';
import { plan } from './domain/plan/plan.js';
import { notifierOptions, type NotifierOptions } from './notifier-options.js';

@Controller()
export class PlanController {
  constructor(@Inject(notifierOptions) private readonly options: NotifierOptions) {}

  @StreamProcessor()
  plan(): Processor<unknown> {
    return plan(this.options.plan);
  }
}

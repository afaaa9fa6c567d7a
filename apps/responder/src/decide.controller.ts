import { Controller, Inject } from '@nestjs/common';
import { mergedByTick, type MergeSource } from '@moola/streams/processor/merge-by-tick';
import { StreamProcessor } from '@moola/streams/nest/stream-handlers';
import type { Processor } from '@moola/streams/processor/processor';
import { decide } from './domain/decide/decide.js';
import { responderOptions, type ResponderOptions } from './responder-options.js';

/** The processors that write to `signals`, a task a partition. */
const writers = ['tracker', 'experiment', 'bridge'];

@Controller()
export class DecideController {
  constructor(@Inject(responderOptions) private readonly options: ResponderOptions) {}

  /** Incidents: from `signals` to `incidents`, `notifications` and `actions`. */
  @StreamProcessor()
  decide(): Processor<unknown> {
    const processor = decide(this.options.decide);
    switch (this.options.time) {
      case 'wall':
        return processor;
      case 'replay':
        return mergedByTick(processor, { sources: writers.flatMap((writer) => this.tasksOf(writer)) });
    }
  }

  private tasksOf(processor: string): MergeSource[] {
    return Array.from({ length: this.options.partitions }, (_, partition) => ({ processor, partition }));
  }
}

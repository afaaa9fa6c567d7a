import { Controller, Inject } from '@nestjs/common';
import { topicName, topics } from '@moola/contracts/topics';
import { StreamEffect, type EffectStart } from '@moola/streams/nest/stream-handlers';
import { startEffect } from '@moola/streams/effects/start-effect';
import { notifierOptions, type NotifierOptions } from '../notifier-options.js';
import { sendEffect } from './effect.js';

@Controller()
export class SendController {
  constructor(@Inject(notifierOptions) private readonly options: NotifierOptions) {}

  /** Makes the attempts of `deliveries`; receipts go back into `notifications` and onto the incident's record. */
  @StreamEffect()
  send(): EffectStart {
    return async (environment) => {
      const partitions = await environment.log.partitionCount(topicName(environment.environment, topics.notifications));
      return startEffect({ ...environment, ...sendEffect(this.options.perform, partitions) });
    };
  }
}

import { Controller, Inject } from '@nestjs/common';
import { topicName, topics } from '@moola/contracts/topics';
import { StreamEffect, type EffectStart } from '@moola/streams/nest/stream-handlers';
import { startEffect } from '@moola/streams/start-effect';
import { notifierOptions, type NotifierOptions } from '../notifier-options.js';
import { sendEffect } from './effect.js';

@Controller()
export class SendController {
  constructor(@Inject(notifierOptions) private readonly options: NotifierOptions) {}

  @StreamEffect()
  send(): EffectStart {
    return async ({ log, store, clock, token, environment, notices }) => {
      const partitions = await log.partitionCount(topicName(environment, topics.notifications));
      const effect = sendEffect(this.options.perform, partitions);
      return startEffect({ ...effect, log, store, clock, token, environment, notices });
    };
  }
}

import { Controller, Inject } from '@nestjs/common';
import { StreamEffect, type EffectStart } from '@moola/streams/nest/stream-handlers';
import { startEffect } from '@moola/streams/effects/start-effect';
import { responderOptions, type ResponderOptions } from '../responder-options.js';
import { actEffect } from './effect.js';

@Controller()
export class ActController {
  constructor(@Inject(responderOptions) private readonly options: ResponderOptions) {}

  /** Carries `actions` out; results go back into `signals`. */
  @StreamEffect()
  act(): EffectStart {
    return (environment) =>
      startEffect({ ...environment, ...actEffect(this.options.dependencies, this.options.acted) });
  }
}

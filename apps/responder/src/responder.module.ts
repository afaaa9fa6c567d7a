import { Module, type DynamicModule } from '@nestjs/common';
import { ActController } from './act/act.controller.js';
import { DecideController } from './decide.controller.js';
import { responderOptions, type ResponderOptions } from './responder-options.js';

/** Answers alerts: decides over incidents, and carries out what was decided. */
@Module({})
export class ResponderModule {
  static with(options: ResponderOptions): DynamicModule {
    return {
      module: ResponderModule,
      controllers: [DecideController, ActController],
      providers: [{ provide: responderOptions, useValue: options }],
    };
  }
}

import { Module, type DynamicModule } from '@nestjs/common';
import { notifierOptions, type NotifierOptions } from './notifier-options.js';
import { PlanController } from './plan.controller.js';
import { SendController } from './send/send.controller.js';

/** Tells people: plans who hears what by which channel, and makes the attempts. */
@Module({})
export class NotifierModule {
  static with(options: NotifierOptions): DynamicModule {
    return {
      module: NotifierModule,
      controllers: [PlanController, SendController],
      providers: [{ provide: notifierOptions, useValue: options }],
    };
  }
}

import { Module, type DynamicModule } from '@nestjs/common';
import { collectorOptions, type CollectorOptions } from './collector-options.js';
import { DefineController } from './define/define.controller.js';
import { InfrastructureController } from './infrastructure/infrastructure.controller.js';
import { JoinController } from './join/join.controller.js';
import { ReceiveController } from './receive/receive.controller.js';

/** Takes definitions and events in, from foreign producers and from behind the doors; HTTP's door is `installEventsRoute`. */
@Module({})
export class CollectorModule {
  static with(options: CollectorOptions): DynamicModule {
    return {
      module: CollectorModule,
      controllers: [DefineController, ReceiveController, JoinController, InfrastructureController],
      providers: [{ provide: collectorOptions, useValue: options }],
    };
  }
}

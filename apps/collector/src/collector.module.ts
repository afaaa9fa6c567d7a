import { Module } from '@nestjs/common';
import { DefineController } from './define/define.controller.js';
import { JoinController } from './join/join.controller.js';

/** Takes definitions and events in behind the doors; the door for HTTP is `EventsModule`. */
@Module({ controllers: [DefineController, JoinController] })
export class CollectorModule {}

import { type DynamicModule, Module } from '@nestjs/common';
import type { Clock } from '@moola/streams/clock';
import type { Door } from '../receive/door.js';
import { EventsController } from './events.controller.js';
import { EventsEndpoint } from './events-endpoint.js';

/** `POST /v1/events`. The host calls `installEventsRoute` on its Fastify instance before it listens. */
@Module({})
export class EventsModule {
  static of(door: Door, clock: Clock): DynamicModule {
    return {
      module: EventsModule,
      controllers: [EventsController],
      providers: [{ provide: EventsEndpoint, useValue: new EventsEndpoint(door, clock) }],
    };
  }
}

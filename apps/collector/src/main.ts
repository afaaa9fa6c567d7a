import { runService } from '@moola/platform/service/run-service';
import { systemClock } from '@moola/streams/system-clock';
import { CollectorModule } from './collector.module.js';
import { EventsModule } from './ingest-http/events.module.js';
import { installEventsRoute } from './ingest-http/install-events-route.js';
import { Door } from './receive/door.js';

await runService({
  name: 'collector',
  text: 'takes events in, checks and joins them, and puts definitions into their order.',
  settings: {},
  streams: () => [CollectorModule],
  // Events come into the first environment that has the time of the wall.
  async parts({ environments, log, key, settings }) {
    const live = environments.find(({ time }) => time === 'wall');
    if (live === undefined) return {};
    const anonymisation = settings.anonymisationKey && { id: 'installation', secret: settings.anonymisationKey };
    const door = await Door.open({
      ...{ log, environment: live.name, key, origin: 'http' },
      ...(anonymisation ? { anonymisation } : {}),
    });
    return {
      modules: [EventsModule.of(door, systemClock)],
      routes: [(fastify) => installEventsRoute(fastify, settings)],
    };
  },
});

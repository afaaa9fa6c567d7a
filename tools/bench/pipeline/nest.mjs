import { TrackerModule } from '@moola/tracker/tracker.module';
import { startEnvironment } from '@moola/streams/nest/start-environment';

const modules = { tracker: TrackerModule };
const logger = { log: () => undefined, warn: console.error, error: console.error, fatal: console.error };

/** Runs stages as the services do: handlers of Nest on the stream transport. */
export function startThroughNest(environment, stages) {
  return startEnvironment(
    environment,
    stages.map((stage) => modules[stage]),
    logger,
  );
}

import { topicName, topics } from '@moola/contracts/topics';
import type { IncidentEvent } from '@moola/contracts/gen/moola/v1/incidents_pb';
import { follow } from '@moola/console/read-model/follow';
import type { EventLog } from '@moola/streams/ports/event-log';

/** Hears every event of an environment's incidents, from the first one kept on. */
export async function followIncidents(
  log: EventLog,
  environment: string,
  take: (event: IncidentEvent, offset: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const at = { topic: topicName(environment, topics.incidents), partition: 0 };
  await follow(
    log,
    at,
    topics.incidents,
    { data: (event, { offset }) => take(event, offset), tick: () => undefined, progress: () => undefined },
    signal,
  );
}

import { topicName } from '@moola/contracts/topic-name';
import { partitionOf } from '@moola/contracts/partition-of';
import type { EventLog } from '@moola/streams/ports/event-log';
import type { Retry } from './dead-letters.js';

/**
 * Takes a letter in again where the doors belong to another service: its original bytes become a record of `telemetry`, and
 * `receive` answers for each of its events; what is refused once more is a dead letter once more.
 */
export function retryByTelemetry(log: EventLog): Retry {
  return async (environment, letter, payload) => {
    if (letter.encoding === 'row') {
      return [
        {
          event: '#1',
          accepted: false,
          detail: 'is a row of a processor: only what came in by HTTP or `telemetry` can be sent again',
        },
      ];
    }
    const topic = topicName(environment, { name: 'telemetry' });
    const partition = partitionOf(letter.id, await log.partitionCount(topic));
    await log.append({ topic, partition }, [payload], 'request');
    return [{ event: '#1', accepted: true, detail: 'is in telemetry again: what is refused comes back here' }];
  };
}

import type { Topic } from '@moola/contracts/topic';
import { topicName } from '@moola/contracts/topic-name';
import type { EventLog } from '@moola/streams/ports/event-log';
import { TopicTail } from '../replay/topic-tail.js';

/** All data rows of a topic, each once, in the order of their partition. */
export async function rowsOf<T>(log: EventLog, environment: string, topic: Topic<T>): Promise<T[]> {
  const rows: T[] = [];
  const partitions = await log.partitionCount(topicName(environment, topic));
  for (let partition = 0; partition < partitions; partition++) {
    const reader = { data: (row: T) => void rows.push(row) };
    await new TopicTail(log, environment, topic, partition, reader).toEnd();
  }
  return rows;
}

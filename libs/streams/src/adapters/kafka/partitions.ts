import type { TopicPartition } from '../../ports/event-log.js';

/** `topic/partition`: names a partition in maps, notices and errors. */
export function partitionName({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}

/** As requests list them: the partitions of one topic together. */
export function byTopic<P extends TopicPartition>(partitions: Iterable<P>): [topic: string, partitions: P[]][] {
  const topics = new Map<string, P[]>();
  for (const partition of partitions) {
    const listed = topics.get(partition.topic);
    if (listed) listed.push(partition);
    else topics.set(partition.topic, [partition]);
  }
  return [...topics];
}

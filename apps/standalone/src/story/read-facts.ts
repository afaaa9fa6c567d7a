import { topicName, topics } from '@moola/contracts/topics';
import type { EventLog } from '@moola/streams/ports/event-log';
import { TopicTail } from '../replay/topic-tail.js';
import { StoryFacts } from './story-facts.js';

/** Folds all that an environment's fact topics hold. Snapshots first: incidents refer to alerts. */
export async function readFacts(log: EventLog, environment: string, model: string): Promise<StoryFacts> {
  const facts = new StoryFacts(model);
  const partitions = (topic: { name: string }) => log.partitionCount(topicName(environment, topic));
  for (let partition = 0; partition < (await partitions(topics.snapshots)); partition++) {
    const data = facts.takeSnapshot.bind(facts);
    await new TopicTail(log, environment, topics.snapshots, partition, { data }).toEnd();
  }
  for (let partition = 0; partition < (await partitions(topics.kpis)); partition++) {
    const data = facts.takeKpi.bind(facts);
    await new TopicTail(log, environment, topics.kpis, partition, { data }).toEnd();
  }
  const data = facts.takeIncidentEvent.bind(facts);
  await new TopicTail(log, environment, topics.incidents, 0, { data }).toEnd();
  return facts;
}

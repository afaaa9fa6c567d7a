import { topicName, topics } from '@moola/contracts/topics';
import type { Definition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { externalBatch } from '@moola/streams/processor/batch-codec';
import type { EventLog } from '@moola/streams/ports/event-log';
import { TopicTail } from '../replay/topic-tail.js';

/** Writes definitions into an environment that has none, and waits until they have taken effect everywhere. */
export async function defineOnce(
  log: EventLog,
  environment: string,
  definitions: readonly Definition[],
  signal: AbortSignal,
): Promise<void> {
  const target = { topic: topicName(environment, topics.definitions), partition: 0 };
  const { next } = await log.bounds(target);
  if (next === 0) {
    // One record each: a definition's version is its offset.
    const records = definitions.flatMap((value) => externalBatch(topics.definitions, [{ kind: 'data', value }]));
    await log.append(target, records);
  }
  for (const topic of [topics.intake, topics.signals, topics.notifications]) {
    for (let partition = 0; partition < (await log.partitionCount(topicName(environment, topic))); partition++) {
      let seen = 0;
      const definition = () => void seen++;
      const tail = new TopicTail<unknown>(log, environment, topic, partition, { definition });
      await tail.until(() => seen >= definitions.length, signal);
    }
  }
}

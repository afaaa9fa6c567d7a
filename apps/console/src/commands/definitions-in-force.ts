import { inForce } from '@moola/contracts/definitions/in-force';
import type { Definition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { topics } from '@moola/contracts/topics';
import { decodeBatch } from '@moola/streams/processor/batch-codec';
import type { EventLog, TopicPartition } from '@moola/streams/ports/event-log';

const readBytes = 1 << 20;

/** What is in force, each with its version. @param at where definitions are written */
export async function definitionsInForce(log: EventLog, at: TopicPartition): Promise<Definition[]> {
  const records: Definition[] = [];
  let { first: next } = await log.bounds(at);
  for (;;) {
    const { records: read } = await log.read(at, next, readBytes);
    if (read.length === 0) return inForce(records);
    for (const record of read) {
      const { data } = decodeBatch(record.value, topics.definitions.codec);
      records.push(...data.map((definition) => ({ ...definition, version: record.offset })));
      next = record.offset + 1;
    }
  }
}

import type { TopicPartition } from '../../../ports/event-log.js';
import type { OwnRequest } from '../connection/kafkajs-client.js';
import { byTopic } from '../partitions.js';
import { ByteReader } from '../records/byte-reader.js';
import { ByteWriter } from '../records/byte-writer.js';

export interface PartitionToWrite extends TopicPartition {
  /** One record batch. */
  readonly bytes: Buffer;
}

export interface WrittenPartition extends TopicPartition {
  readonly errorCode: number;
  readonly baseOffset: number;
}

const version = 7;
const acknowledgedByAll = -1;

/** Writes one batch to each of several partitions that a broker leads (https://kafka.apache.org/protocol#The_Messages_Produce). */
export function produceRequest(
  partitions: readonly PartitionToWrite[],
  timeoutMs: number,
): OwnRequest<{ readonly throttleMs: number; readonly partitions: readonly WrittenPartition[] }> {
  const body = new ByteWriter()
    .string(null) // No transaction.
    .int16(acknowledgedByAll)
    .int32(timeoutMs)
    .array(byTopic(partitions), (writer, [topic, listed]) =>
      writer.string(topic).array(listed, (inner, { partition, bytes }) => inner.int32(partition).apart(bytes)),
    )
    .parts();
  return { name: 'Produce', version, body, waitMs: timeoutMs, decode: decodeProduce };
}

function decodeProduce(payload: Buffer) {
  const reader = new ByteReader(payload);
  const topics = reader.array((outer) => {
    const topic = outer.string();
    return outer.array((inner): WrittenPartition => {
      const [partition, errorCode, baseOffset] = [inner.int32(), inner.int16(), inner.int64()];
      inner.int64(); // When it was appended.
      inner.int64(); // First offset.
      return { topic, partition, errorCode, baseOffset };
    });
  });
  return { partitions: topics.flat(), throttleMs: reader.int32() };
}

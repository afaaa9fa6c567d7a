import type { TopicPartition } from '../../../ports/event-log.js';
import type { OwnRequest } from '../connection/kafkajs-client.js';
import { byTopic } from '../partitions.js';
import { ByteReader } from '../records/byte-reader.js';
import { ByteWriter } from '../records/byte-writer.js';
import { readBatches, type StoredBatch } from '../records/stored-batch.js';

export interface PartitionToFetch extends TopicPartition {
  readonly offset: number;
  readonly maxBytes: number;
}

/** What a broker answered for one partition. */
export interface FetchedPartition extends TopicPartition {
  readonly errorCode: number;
  /** Readers see the records before this offset; -1 with an error. */
  readonly visibleEnd: number;
  readonly batches: readonly StoredBatch[];
}

export interface FetchAnswer {
  readonly throttleMs: number;
  readonly errorCode: number;
  readonly partitions: readonly FetchedPartition[];
}

const version = 11;
const committedOnly = 1;

/**
 * Asks for records of partitions that a broker leads. It answers at once when there are some, and after `maxWaitMs` at the
 * latest. (https://kafka.apache.org/protocol#The_Messages_Fetch)
 */
export function fetchRequest(
  partitions: readonly PartitionToFetch[],
  maxWaitMs: number,
  maxBytes: number,
): OwnRequest<FetchAnswer> {
  const body = new ByteWriter()
    .int32(-1) // A consumer, no replica.
    .int32(maxWaitMs)
    .int32(1)
    .int32(maxBytes)
    .int8(committedOnly)
    .int32(0) // No fetch session.
    .int32(-1)
    .array(byTopic(partitions), (writer, [topic, listed]) =>
      writer
        .string(topic)
        .array(listed, (inner, { partition, offset, maxBytes: most }) =>
          inner.int32(partition).int32(-1).int64(offset).int64(-1).int32(most),
        ),
    )
    .array([], () => undefined)
    .string('')
    .parts();
  return { name: 'Fetch', version, body, waitMs: maxWaitMs, decode: decodeFetch };
}

function decodeFetch(payload: Buffer): FetchAnswer {
  const reader = new ByteReader(payload);
  const throttleMs = reader.int32();
  const errorCode = reader.int16();
  reader.int32(); // Fetch session.
  const topics = reader.array((outer) => {
    const topic = outer.string();
    return outer.array((inner): FetchedPartition => {
      const partition = inner.int32();
      const partitionError = inner.int16();
      inner.int64(); // High watermark.
      const visibleEnd = inner.int64();
      inner.int64(); // First offset.
      const aborted = inner.array(() => ({ producerId: inner.bigint64(), firstOffset: inner.int64() }));
      inner.int32(); // Preferred replica.
      const batches = readBatches(own(inner.bytes(), payload), aborted);
      return { topic, partition, errorCode: partitionError, visibleEnd, batches };
    });
  });
  return { throttleMs, errorCode, partitions: topics.flat() };
}

/** A partition that waits must not keep the bytes of all others in memory: a small part of the answer is copied out of it. */
function own(part: Buffer, whole: Buffer): Buffer {
  return part.length > 0 && part.length * 2 < whole.length ? Buffer.from(part) : part;
}

import { ByteReader } from '../records/byte-reader.js';
import { ByteWriter } from '../records/byte-writer.js';

/**
 * Under this name members of a group agree on how partitions are assigned. Another way to assign needs another name, which new
 * members offer beside this one until the last old one has gone.
 */
export const assignerName = 'moola-cooperative-sticky-1';

/** What the protocol calls a consumer; its tools (lag, members) can read the messages below. */
export const protocolType = 'consumer';

const version = 1;
const nothing = new Uint8Array(0);

/** A member's subscription, with the partitions that it holds (ConsumerProtocolSubscription, version 1). */
export function encodeSubscription(topic: string, held: readonly number[]): Buffer {
  return new ByteWriter()
    .int16(version)
    .array([topic], (writer, name) => writer.string(name))
    .bytes(nothing)
    .array([held], (writer, partitions) => writeTopic(writer, topic, partitions))
    .done();
}

/** Partitions of the topic that a member holds; `null` if it reads another topic. */
export function decodeSubscription(bytes: Buffer, topic: string): readonly number[] | null {
  const reader = new ByteReader(bytes);
  reader.int16();
  const topics = reader.array(() => reader.string());
  if (!topics.includes(topic)) return null;
  reader.bytes();
  return readTopics(reader, topic);
}

/** What a member is assigned (ConsumerProtocolAssignment, version 1). */
export function encodeAssignment(topic: string, partitions: readonly number[]): Buffer {
  return new ByteWriter()
    .int16(version)
    .array([partitions], (writer, listed) => writeTopic(writer, topic, listed))
    .bytes(nothing)
    .done();
}

export function decodeAssignment(bytes: Buffer | null, topic: string): readonly number[] {
  if (bytes === null || bytes.length === 0) return [];
  const reader = new ByteReader(bytes);
  reader.int16();
  return readTopics(reader, topic);
}

function writeTopic(writer: ByteWriter, topic: string, partitions: readonly number[]): void {
  writer.string(topic).array(partitions, (inner, partition) => inner.int32(partition));
}

function readTopics(reader: ByteReader, topic: string): number[] {
  const topics = reader.array(() => ({ name: reader.string(), partitions: reader.array(() => reader.int32()) }));
  return topics.filter(({ name }) => name === topic).flatMap(({ partitions }) => partitions);
}

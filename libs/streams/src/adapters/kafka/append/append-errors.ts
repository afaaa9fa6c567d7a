import type { TopicPartition } from '../../../ports/event-log.js';

/** A record is larger than the topic takes. It was not appended. */
export class RecordTooLargeError extends Error {
  override readonly name = 'RecordTooLargeError';
  constructor(at: TopicPartition, bytes: number, limit: number | null) {
    super(
      `a record of ${bytes} bytes for ${at.topic}/${at.partition} is larger than ` +
        `${limit === null ? 'the topic takes' : `${limit} bytes`}: raise max.message.bytes of the topic and the setting ` +
        `maxMessageBytes together, or write smaller records`,
    );
  }
}

/** Whether these records are in the log is not known. Nothing that was given to this partition after them was written. */
export class AppendInDoubtError extends Error {
  override readonly name = 'AppendInDoubtError';
  constructor(at: TopicPartition, cause: Error) {
    super(`nobody knows whether records were appended to ${at.topic}/${at.partition}: ${cause.message}`, { cause });
  }
}

/** An earlier append to this partition failed. This one was not written, so that the order holds. */
export class EarlierAppendFailedError extends Error {
  override readonly name = 'EarlierAppendFailedError';
  constructor(at: TopicPartition, cause: Error) {
    super(`not appended to ${at.topic}/${at.partition}, since an append before it failed: ${cause.message}`, { cause });
  }
}

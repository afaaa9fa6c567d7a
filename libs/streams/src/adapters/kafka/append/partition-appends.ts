import type { TopicPartition } from '../../../ports/event-log.js';
import { codes, isFinal, KafkaError } from '../connection/kafka-error.js';
import { Backoff } from '../connection/retrying.js';
import type { KafkaNotices } from '../kafka-notices.js';
import type { KafkaCompression } from '../kafka-settings.js';
import { encodeRecordBatch, headerBytes, recordOverheadBytes } from '../records/encode-record-batch.js';
import { AppendInDoubtError, EarlierAppendFailedError, RecordTooLargeError } from './append-errors.js';
import type { PendingAppend } from './pending-append.js';
import { sequenceAfter, type ProducerSession, type ProducerSessions } from './producer-session.js';

/** Records that are sent together, again and again if need be, always with the same bytes. */
interface SealedBatch {
  readonly parts: readonly { readonly append: PendingAppend; readonly count: number }[];
  readonly values: readonly Uint8Array[];
  readonly session: ProducerSession;
  readonly bytes: Buffer;
  /** It was sent, and whether the log holds it is not known. */
  inDoubt: boolean;
}

export interface AppendRules {
  readonly sessions: ProducerSessions;
  readonly compression: KafkaCompression;
  readonly maxBatchBytes: number;
  readonly notices: KafkaNotices;
}

/** Codes that say for certain that nothing was appended. */
const notAppended = new Set<number>([
  codes.unknownTopic,
  codes.leaderNotAvailable,
  codes.notLeader,
  codes.notEnoughReplicas,
  codes.outOfOrderSequence,
  codes.unknownProducer,
  codes.invalidProducerEpoch,
  codes.producerFenced,
  codes.messageTooLarge,
  codes.recordListTooLarge,
]);

const sessionRefused = new Set<number>([
  codes.outOfOrderSequence,
  codes.unknownProducer,
  codes.invalidProducerEpoch,
  codes.producerFenced,
]);

/**
 * What waits to be appended to one partition, in order, one batch under way at a time. When one append fails, those behind
 * it fail too: a record must never stand in the log without those that were given before it.
 */
export class PartitionAppends {
  /** While it is on its way to the broker. */
  isUnderWay = false;
  /** `performance.now()` before which nothing is sent again. */
  notBefore = 0;
  readonly backoff = new Backoff();
  private readonly waiting: PendingAppend[] = [];
  private batch: SealedBatch | null = null;
  private session: ProducerSession | null = null;
  private sequence = 0;
  private limit: number;

  constructor(
    readonly at: TopicPartition,
    private readonly rules: AppendRules,
  ) {
    this.limit = rules.maxBatchBytes;
  }

  get isEmpty(): boolean {
    return this.batch === null && this.waiting.length === 0;
  }

  add(append: PendingAppend): void {
    this.waiting.push(append);
  }

  /** The batch to send: the one that has to be repeated, or a new one of what waits; `null` if nothing does. */
  async seal(): Promise<Buffer | null> {
    if (this.batch) return this.batch.bytes;
    const { parts, values } = this.takeValues();
    if (values.length === 0) return null;
    try {
      const session = this.session ?? (await this.rules.sessions.current());
      if (session !== this.session) this.sequence = 0;
      this.session = session;
      this.batch = { parts, values, session, bytes: await this.encode(values, session), inDoubt: false };
    } catch (error) {
      this.putBack(parts);
      throw error;
    }
    return this.batch.bytes;
  }

  /** No answer came: the batch may be in the log. */
  unanswered(): void {
    if (this.batch) this.batch.inDoubt = true;
  }

  /** @returns an error after which the batch is sent again. */
  async answered(errorCode: number, baseOffset: number): Promise<Error | null> {
    const { batch } = this;
    if (batch === null) return null;
    if (errorCode === codes.none) {
      this.acknowledge(batch, baseOffset);
      return null;
    }
    const error = new KafkaError(errorCode, `append to ${this.at.topic}/${this.at.partition}`);
    if (sessionRefused.has(errorCode)) return this.renewSession(batch, error);
    if (errorCode === codes.messageTooLarge || errorCode === codes.recordListTooLarge) this.split(batch);
    else if (errorCode === codes.duplicateSequence) this.failInDoubt(batch.session, error);
    else if (isFinal(error)) this.fail(error);
    else {
      if (!notAppended.has(errorCode)) batch.inDoubt = true;
      return error;
    }
    return null;
  }

  /** Rejects everything that was given so far. */
  fail(error: Error): void {
    const failed = this.batch?.parts.map(({ append }) => append) ?? [];
    this.batch = null;
    const behind = this.waiting.splice(0);
    if (failed.length === 0 && behind[0]) failed.push(behind.shift() as PendingAppend);
    for (const append of failed) append.reject(error);
    for (const append of behind) append.reject(new EarlierAppendFailedError(this.at, error));
  }

  private acknowledge({ parts, values }: SealedBatch, baseOffset: number): void {
    this.batch = null;
    this.sequence = sequenceAfter(this.sequence, values.length);
    this.backoff.reset();
    let offset = baseOffset;
    for (const { append, count } of parts) {
      append.acknowledge(offset, count);
      offset += count;
    }
  }

  private takeValues(): Pick<SealedBatch, 'parts' | 'values'> {
    const parts: { append: PendingAppend; count: number }[] = [];
    const values: Uint8Array[] = [];
    let bytes = headerBytes;
    for (let append = this.waiting[0]; append; append = this.waiting[0]) {
      let count = 0;
      // Whoever gave up before anything of it was sent is spared.
      const gone = append.isSettled && append.taken === 0;
      for (; !gone && append.taken < append.values.length; append.taken++, count++) {
        const value = append.values[append.taken] as Uint8Array;
        bytes += value.length + recordOverheadBytes;
        if (values.length > 0 && bytes > this.limit) break;
        values.push(value);
      }
      if (count > 0) parts.push({ append, count });
      if (!gone && append.taken < append.values.length) break;
      this.waiting.shift();
    }
    return { parts, values };
  }

  private encode(values: readonly Uint8Array[], session: ProducerSession): Promise<Buffer> {
    return encodeRecordBatch(values, { ...session, sequence: this.sequence }, this.rules.compression, Date.now());
  }

  /** The broker refused the session, and so this attempt. If no earlier one is in doubt either, a new session goes on. */
  private async renewSession(batch: SealedBatch, error: KafkaError): Promise<Error | null> {
    if (batch.inDoubt) {
      this.failInDoubt(batch.session, error);
      return null;
    }
    this.session = null;
    await this.rules.sessions.replace(batch.session);
    this.putBack(batch.parts);
    this.rules.notices({ kind: 'producer-renewed', at: this.at, error });
    return error;
  }

  private failInDoubt(session: ProducerSession, error: KafkaError): void {
    this.session = null;
    void this.rules.sessions.replace(session);
    this.fail(new AppendInDoubtError(this.at, error));
  }

  /** The topic takes less at once than was thought. Nothing of the batch was appended. */
  private split(batch: SealedBatch): void {
    const [only] = batch.values;
    if (batch.values.length === 1)
      return this.fail(new RecordTooLargeError(this.at, (only as Uint8Array).length, null));
    this.limit = Math.floor(batch.bytes.length / 2);
    this.putBack(batch.parts);
  }

  private putBack(parts: SealedBatch['parts']): void {
    this.batch = null;
    for (const { append, count } of [...parts].reverse()) {
      append.taken -= count;
      if (this.waiting[0] !== append) this.waiting.unshift(append);
    }
  }
}

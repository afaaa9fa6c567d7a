import { randomUUID } from 'node:crypto';
import type { LogRecord, TopicSettings } from './event-log.js';

/** Topic names that no test used before, on a log that outlives the test either. */
export const topicNames = {
  next: (): string => `moola.test-${randomUUID()}.contract.v1`,
};

export function keptForEver(name: string, partitions: number): TopicSettings {
  return { name, partitions, retentionMs: null, retentionBytes: null };
}

export function bytesOf(...texts: readonly string[]): Uint8Array[] {
  return texts.map((text) => new TextEncoder().encode(text));
}

export function textsOf(records: readonly LogRecord[]): string[] {
  return records.map(({ value }) => new TextDecoder().decode(value));
}

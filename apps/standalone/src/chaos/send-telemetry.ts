import { setTimeout as wait } from 'node:timers/promises';
import { Kafka, logLevel, type Producer } from 'kafkajs';
import { topicName, topics } from '@moola/contracts/topics';
import type { TelemetryLoad, TelemetryRecord } from './telemetry-load.js';

export interface TelemetrySending {
  readonly brokers: string;
  readonly load: TelemetryLoad;
  readonly inputsPerSecond: number;
  /** How far back events lie when they are sent, in milliseconds. */
  readonly agoMs: number;
}

export interface SentTelemetry {
  records: number;
  /** Sent again, because the answer never came: these may stand in the topic twice. */
  again: number;
}

const pauseMs = 200;

/** Sends telemetry as a foreign producer does, until the signal aborts, and then the outcomes that are still missing. */
export async function sendTelemetry(
  { brokers, load, inputsPerSecond, agoMs }: TelemetrySending,
  end: AbortSignal,
): Promise<SentTelemetry> {
  const kafka = new Kafka({
    ...{ brokers: brokers.split(','), logLevel: logLevel.NOTHING },
    // What is sent again is counted here.
    retry: { retries: 0 },
  });
  const sent: SentTelemetry = { records: 0, again: 0 };
  let producer: Producer | null = null;
  const send = async (records: readonly TelemetryRecord[]): Promise<void> => {
    const messages = records.map(({ value, contentType }) => ({ value, headers: { 'content-type': contentType } }));
    sent.records += messages.length;
    while (messages.length > 0) {
      try {
        if (producer === null) await (producer = kafka.producer()).connect();
        await producer.send({ topic: topicName('live', topics.telemetry), messages });
        return;
      } catch {
        sent.again += messages.length;
        await producer?.disconnect().catch(() => undefined);
        producer = null;
        await wait(500);
      }
    }
  };
  await send(load.begin(Date.now() - agoMs - 1000));
  while (!end.aborted) {
    await send(load.next((inputsPerSecond * pauseMs) / 1000, Date.now() - agoMs));
    await wait(pauseMs);
  }
  await send(load.end(Date.now() - agoMs));
  await (producer as Producer | null)?.disconnect();
  return sent;
}

import type { ForeignRecord } from '@moola/contracts/foreign-record';
import { topics } from '@moola/contracts/topics';
import type { Processor } from '@moola/streams/processor/processor';
import { ReceiveTask } from './receive-task.js';
import type { ReceiveProcessorSettings } from './receive-settings.js';
import { Receiver } from './receiver.js';

/**
 * `telemetry` → `intake`: what foreign producers write, under any key and in any partition, validated, anonymised, keyed by
 * model. It keeps no state. The present is the record's append time: it stands in the log, so whoever reads the record again
 * decides the same.
 */
export function receiveProcessor(settings: ReceiveProcessorSettings): Processor<ForeignRecord> {
  const receiver = new Receiver({ ...settings, unknownFields: 'ignored' });
  return {
    name: 'collector/receive',
    input: topics.telemetry,
    outputs: [topics.intake, topics.deadLetters],
    foreign: ({ value, headers = noHeaders, appendedAtMs }) => ({ value, headers, appendedAtMs }),
    restore: (_entries, context) => new ReceiveTask(settings, receiver, context),
  };
}

const noHeaders = Object.freeze({});

import type { ForeignRecord } from '@moola/contracts/foreign-record';
import type { DeadLetter } from '@moola/contracts/gen/moola/v1/dead_letters_pb';
import { topics } from '@moola/contracts/topics';
import type { Processor } from '@moola/streams/processor';
import { ReceiveTask } from './receive-task.js';
import { Receiver, type ReceiverSettings } from './receiver.js';
import type { RefusedRecord } from './refused-record.js';

/** What has come since the last report. */
export interface ReceiveCounts {
  readonly accepted: number;
  readonly refused: number;
  /** Fields of newer producers that were passed over. */
  readonly unknownFields: number;
}

export interface ReceiveProcessorSettings extends Omit<ReceiverSettings, 'unknownFields'> {
  /** Makes the dead letter of what was refused: a pure function. */
  readonly letter: (refused: RefusedRecord) => DeadLetter;
  /** Hears of each task's counts when it saves. Nothing is decided by it. */
  readonly counted: (counts: ReceiveCounts) => void;
}

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

import type { DeadLetter } from '@moola/contracts/gen/moola/v1/dead_letters_pb';
import type { ReceiverSettings } from './receiver.js';
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

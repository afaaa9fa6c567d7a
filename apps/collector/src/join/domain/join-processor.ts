import { intakeViews } from '@moola/contracts/intake-codec';
import type { IntakeRow } from '@moola/contracts/rows';
import { topics } from '@moola/contracts/topics';
import type { Processor } from '@moola/streams/processor';
import { Join } from './join.js';

/**
 * `intake` → `observations`, partition by partition: every event once, every outcome joined to the predictions of all
 * versions that scored its input.
 */
export const joinProcessor: Processor<IntakeRow> = {
  name: 'collector/join',
  input: { ...topics.intake, codec: intakeViews },
  timekeeper: 'input',
  outputs: [topics.observations],
  restore: (entries) => new Join(entries),
};

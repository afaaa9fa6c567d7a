import { intakeViews } from '@moola/contracts/intake-codec';
import type { IntakeRow } from '@moola/contracts/rows';
import { topics } from '@moola/contracts/topics';
import type { Processor } from '@moola/streams/processor/processor';
import { lenientJoin, type JoinSettings } from './join-settings.js';
import { Join } from './join.js';

/** Hears of each task's memory, which it may ask at any time. Nothing that is emitted depends on it. */
export type OnRemembering = (partition: number, heldFromMs: (model: string) => number) => void;

/**
 * `intake` → `observations`, partition by partition: every event once, every outcome joined to the predictions of all
 * versions that scored its input.
 */
export function createJoin(
  onRemembering: OnRemembering = () => undefined,
  settings: JoinSettings = lenientJoin,
): Processor<IntakeRow> {
  return {
    name: 'collector/join',
    input: { ...topics.intake, codec: intakeViews },
    timekeeper: 'input',
    outputs: settings.letter === null ? [topics.observations] : [topics.observations, topics.deadLetters],
    restore(entries, context) {
      const join = new Join(entries, context, settings);
      onRemembering(context.partition, (model) => join.heldFromMs(model));
      return join;
    },
  };
}

export const joinProcessor = createJoin();

import { PlainOutcome } from '@moola/contracts/plain-outcome';
import type { IntakeRow } from '@moola/contracts/rows';

/** The model of a training job's report or an instance's sample; `null`: the row is something else. */
export function reportedModel(row: IntakeRow): string | null {
  if (row.kind !== 'event' || row instanceof PlainOutcome) return null;
  const { kind } = row.event;
  return kind.case === 'trainingProgress' || kind.case === 'infrastructureSample' ? kind.value.model : null;
}

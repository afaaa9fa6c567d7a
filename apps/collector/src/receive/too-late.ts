import { tooLateText } from '../join/domain/too-late-text.js';
import { defaultLabelHorizonMs } from '../join/domain/horizons.js';
import type { RememberedModels } from '../join/remembered-models.js';
import type { Refused } from './domain/refused.js';
import { millisOf } from './domain/instants.js';
import type { KeyedRow } from './intake-writer.js';

/** The time of an event that decides whether it can still be told from a repetition, and the field that says it. */
interface DecidingTime {
  readonly field: string;
  readonly timeMs: number;
}

/** What a door can say of an event whose time has long passed. */
export class TooLate {
  /** @param remembered where the join's tasks run beside the door */
  constructor(private readonly remembered: RememberedModels | undefined) {}

  /** Why the join would drop it; `null`: it would not, or that is not known here. */
  refusal({ row, model }: KeyedRow, partition: number): Refused | null {
    const fromMs = this.remembered?.heldFromMs(model, partition) ?? null;
    if (fromMs === null) return null;
    const late = timesOf(row).find(({ timeMs }) => timeMs < fromMs);
    if (late === undefined) return null;
    return { reason: 'time-out-of-range', field: late.field, detail: tooLateText(model, late.timeMs, fromMs) };
  }

  /** What may become of an event that was taken, where this process cannot know; `null`: it counts. */
  note({ row, model }: KeyedRow, partition: number, nowMs: number): string | null {
    if (
      this.remembered?.heldFromMs(model, partition) !== undefined &&
      this.remembered.heldFromMs(model, partition) !== null
    )
      return null;
    const old = timesOf(row).find(({ timeMs }) => timeMs < nowMs - defaultLabelHorizonMs);
    if (old === undefined) return null;
    return `${old.field} is more than 24h ago: it is counted unless the model's labelHorizon (24h unless its definition says more) has passed since its first event; it is then counted as too late`;
  }
}

/** Those of rows that the join holds by time. */
function timesOf(row: KeyedRow['row']): readonly DecidingTime[] {
  if (row.kind === 'prediction') return [{ field: 'prediction.time', timeMs: row.timeMs }];
  const { kind } = row.event;
  if (kind.case !== 'outcome') return [];
  const { knownAt, prediction } = kind.value;
  const known = { field: 'outcome.knownAt', timeMs: millisOf(knownAt) };
  return prediction ? [{ field: 'outcome.prediction.time', timeMs: millisOf(prediction.time) }, known] : [known];
}

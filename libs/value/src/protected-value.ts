import type { ValueModel } from './value-model.js';

/** Answers of one version to the inputs since a rollback. */
export interface LabelledAnswers {
  /** With a known truth. */
  readonly labelled: number;
  readonly correct: number;
}

export interface ProtectedValue {
  /** That both versions answered. Where one answered more, the others cannot be told apart and count as well. */
  readonly inputs: number;
  /** US dollars; negative when the rollback made it worse. */
  readonly usd: number;
}

/** What a rollback earned more than what it replaced would have, on the same inputs. */
export function protectedValue(by: LabelledAnswers, replaced: LabelledAnswers, model: ValueModel): ProtectedValue {
  return {
    inputs: Math.min(by.labelled, replaced.labelled),
    usd: (by.correct - replaced.correct) * model.valuePerPredictionUsd,
  };
}

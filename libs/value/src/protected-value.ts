import type { ValueModel } from './value-model.js';

/** Answers of two versions to the same inputs since a rollback, all with a known truth. */
export interface SharedAnswers {
  /** That both versions answered. */
  readonly inputs: number;
  /** Correct answers of the version that serves since. */
  readonly by: number;
  /** Correct answers of the version that it replaced. */
  readonly replaced: number;
}

export interface ProtectedValue {
  readonly inputs: number;
  /** US dollars; negative when the rollback made it worse; `null` where nobody declared what an answer is worth. */
  readonly usd: number | null;
}

/** What a rollback earned more than what it replaced would have, on the same inputs. */
export function protectedValue({ inputs, by, replaced }: SharedAnswers, model: ValueModel | null): ProtectedValue {
  return { inputs, usd: model && (by - replaced) * model.valuePerPredictionUsd };
}

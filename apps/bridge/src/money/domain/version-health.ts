import { BudgetVerdict, type BudgetState, type WindowSnapshot } from '@moola/contracts/gen/moola/v1/snapshots_pb';

/** What is last known of a version's accuracy. Plain data. */
export interface VersionHealth {
  /** Of the budget's window; absent without labels. */
  readonly accuracy?: number;
  /** The labels that it rests on. */
  readonly samples: number;
  /** What the budget asks for, while the version does not keep to it; absent while it does or nobody knows. */
  readonly brokenLimit?: number;
}

export const unknownHealth: VersionHealth = { samples: 0 };

/** @returns the health by a snapshot of the budget's window; the same when the snapshot says nothing of accuracy. */
export function measured(health: VersionHealth, snapshot: WindowSnapshot): VersionHealth {
  const figure = snapshot.figures.find(({ metric }) => metric === 'accuracy');
  if (!figure) return health;
  const { accuracy: _, ...rest } = health;
  return { ...rest, samples: figure.samples, ...(figure.value === undefined ? {} : { accuracy: figure.value }) };
}

/** @returns the health by the budget's line of accuracy. */
export function judged(health: VersionHealth, state: BudgetState): VersionHealth {
  const line = state.lines.find(({ metric }) => metric === 'accuracy');
  const { brokenLimit: _, ...rest } = health;
  return line?.verdict === BudgetVerdict.OUT ? { ...rest, brokenLimit: line.limit } : rest;
}

/** What is kept of the outcome whose rows are coming in. Plain data: JSON keeps it. */
export interface OutcomeGroup {
  readonly group: number;
  /** A row of it was new. */
  readonly counted: boolean;
  /** A row of it was counted before, and so was the outcome. */
  readonly known: boolean;
}

export const noGroup: OutcomeGroup = { group: -1, counted: false, known: false };

/** Counts outcomes from labelled rows: one for each group of rows of which some are new and none was counted before. */
export function countOutcome(
  before: OutcomeGroup,
  group: number,
  isNew: boolean,
): { readonly state: OutcomeGroup; readonly change: -1 | 0 | 1 } {
  const current = before.group === group ? before : { ...noGroup, group };
  if (isNew) {
    if (current.counted) return { state: current, change: 0 };
    return { state: { ...current, counted: true }, change: current.known ? 0 : 1 };
  }
  if (current.known) return { state: current, change: 0 };
  return { state: { ...current, known: true }, change: current.counted ? -1 : 0 };
}

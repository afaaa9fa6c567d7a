/** The worst figure that was published of an incident's metric, on a version that served or on its job or instance. Plain values. */
export interface WorstFigure {
  readonly metric: string;
  readonly version: string;
  readonly value: number;
  /** `null`: the record did not say. */
  readonly samples: number | null;
  readonly limit: number;
  readonly atMs: number;
}

/** The worse of two figures of one metric: on the alert's side of the limit, the one that is farther from it. */
export function worseOf(before: WorstFigure, now: WorstFigure): WorstFigure {
  const below = before.value < before.limit;
  return (below ? now.value < before.value : now.value > before.value) ? now : before;
}

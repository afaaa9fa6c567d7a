const day = 24 * 3_600_000;

/** How far back events are taken at a door, where nothing else is said: as far as the longest label horizon in use. */
export const defaultDoorHorizonMs = 31 * day;

/** How far back each kind of event is taken at most. */
export const doorHorizonMs = {
  prediction: defaultDoorHorizonMs,
  outcome: defaultDoorHorizonMs,
  deployment: defaultDoorHorizonMs,
  /** These tell of a present that is soon over, and come often: nobody sends last month's. */
  trainingProgress: day,
  infrastructureSample: day,
} as const;

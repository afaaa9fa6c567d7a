const day = 24 * 3_600_000;

/** How far back events are taken at a door, where nothing else is said: as far as the longest label horizon in use. */
export const defaultDoorHorizonMs = 31 * day;

/** Of kinds that tell of a present that is soon over, and come often: nobody sends last month's. */
export const presentHorizonMs = day;

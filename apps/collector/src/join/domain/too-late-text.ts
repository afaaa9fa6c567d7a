const iso = (ms: number): string => new Date(ms).toISOString();

/** Why an event of that time is not taken any more, and what to do; its field's name goes before it. */
export function tooLateText(model: string, timeMs: number, heldFromMs: number): string {
  return (
    `is ${iso(timeMs)}: what happened to model "${model}" before ${iso(heldFromMs)} is forgotten, and could not be told ` +
    'from a repetition. A longer labelHorizon in its definition keeps more from now on; moola replay takes older history'
  );
}

/** Who gave a command: as authenticated, or marked as a name of the sender's own. As in `libs/wording/src/actor.ts`. */
export const actorText = (by: string, authenticated: boolean): string =>
  authenticated ? by : `${by} (name self-declared)`;

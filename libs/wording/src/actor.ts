/** Who gave a command: as authenticated, or marked as a name that its sender wrote, where no authentication is configured. */
export function actorText(by: string, authenticated: boolean): string {
  return authenticated ? by : `${by} (name self-declared)`;
}

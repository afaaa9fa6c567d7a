import type { EnvironmentView, IncidentSummaryView } from '@moola/standalone/console-views';
import { path, type Answer, type MoolaServer } from './moola-server.js';

export const incidentsPath = (environment: string, ...more: string[]): string =>
  path('environments', environment, 'incidents', ...more);

/** The incidents of all other environments, by environment: for whoever looks in the wrong one. */
async function elsewhere(
  server: MoolaServer,
  environment: string,
): Promise<ReadonlyMap<string, readonly IncidentSummaryView[]>> {
  const found = new Map<string, readonly IncidentSummaryView[]>();
  const all = await server.get<EnvironmentView[]>('environments');
  for (const { environment: other } of all.ok ? all.value : []) {
    if (other === environment) continue;
    const incidents = await server.get<IncidentSummaryView[]>(incidentsPath(other));
    if (incidents.ok && incidents.value.length > 0) found.set(other, incidents.value);
  }
  return found;
}

/** Where else there are incidents, as a hint; `null` when nowhere. */
export async function hintOfOthers(server: MoolaServer, environment: string): Promise<string | null> {
  const found = [...(await elsewhere(server, environment))];
  if (found.length === 0) return null;
  const counts = found.map(([other, incidents]) => `${other} has ${incidents.length}`).join(', ');
  return `${counts}: add --environment ${found[0]?.[0]}`;
}

/** A refusal about an incident, with where that incident is if it is somewhere else. */
export async function withHint<T>(
  server: MoolaServer,
  environment: string,
  incident: string,
  answer: Answer<T>,
): Promise<Answer<T>> {
  if (answer.ok || answer.status !== 404) return answer;
  for (const [other, incidents] of await elsewhere(server, environment)) {
    if (incidents.some(({ id }) => id === incident))
      return { ...answer, problem: `${answer.problem}; ${other} has it: add --environment ${other}` };
  }
  return answer;
}

import type { EnvironmentView, IncidentSummaryView, IncidentView } from '@moola/standalone/console-views';
import { path, type Answer, type MoolaServer } from './moola-server.js';

export const incidentsPath = (environment: string, ...more: string[]): string =>
  path('environments', environment, 'incidents', ...more);

async function others(server: MoolaServer, environment: string): Promise<readonly string[]> {
  const all = await server.get<EnvironmentView[]>('environments');
  return (all.ok ? all.value : []).map((each) => each.environment).filter((other) => other !== environment);
}

/** Where else there are incidents, as a hint for people who look in the wrong environment; `null` when nowhere. */
export async function hintOfOthers(server: MoolaServer, environment: string): Promise<string | null> {
  const found: { readonly other: string; readonly total: number }[] = [];
  for (const other of await others(server, environment)) {
    const page = await server.page<IncidentSummaryView>(`${incidentsPath(other)}?limit=1`);
    if (page.ok && page.value.total > 0) found.push({ other, total: page.value.total });
  }
  const [first] = found;
  if (first === undefined) return null;
  const counts = found.map(({ other, total }) => `${other} has ${total}`).join(', ');
  return `${counts}: add --environment ${first.other}`;
}

/** A refusal about an incident, with where that incident is if it is somewhere else. */
export async function withHint<T>(
  server: MoolaServer,
  environment: string,
  incident: string,
  answer: Answer<T>,
): Promise<Answer<T>> {
  if (answer.ok || answer.status !== 404) return answer;
  for (const other of await others(server, environment)) {
    const found = await server.get<IncidentView>(incidentsPath(other, incident));
    if (found.ok) return { ...answer, problem: `${answer.problem}; ${other} has it: add --environment ${other}` };
  }
  return answer;
}

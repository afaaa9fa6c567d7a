import type { Planned, RouteProgress } from './planned.js';
import type { Stage } from './stage.js';

/**
 * Notifications of one incident to one audience wait for each other, as long as the most impatient of the routes that
 * they take allows, and go out as one.
 */
export const group: Stage = {
  name: 'group',
  apply(planned, { tables, nowMs }) {
    const key = groupKey(planned);
    const waiting = tables.groups.get(key);
    const dueAtMs = nowMs + Math.min(...planned.routes.map(({ groupWaitMs }) => groupWaitMs));
    const members = [...(waiting?.members ?? []), planned];
    if (dueAtMs > nowMs) {
      tables.groups.set(key, { dueAtMs: Math.min(dueAtMs, waiting?.dueAtMs ?? dueAtMs), members });
      return null;
    }
    tables.groups.delete(key);
    return merged(members);
  },
};

function groupKey({ audience, dedupKey }: Planned): string {
  return JSON.stringify([audience, dedupKey]);
}

/**
 * One notification that says what all of them say. It is the last one as far as identity and expiry go, the most severe
 * one's severity, and it takes every route that one of them takes.
 */
export function merged(members: readonly Planned[]): Planned {
  const last = members.at(-1) as Planned;
  if (members.length === 1) return last;
  const routes = new Map<string, RouteProgress>();
  for (const member of members) for (const route of member.routes) routes.set(route.name, route);
  return {
    ...last,
    severity: Math.max(...members.map(({ severity }) => severity)),
    eventAction: members.findLast(({ eventAction }) => eventAction !== 'note')?.eventAction ?? 'note',
    title: `${last.title} (and ${members.length - 1} more)`,
    text: members.map(({ title, text }) => `${title}\n${text}`).join('\n\n'),
    routes: [...routes.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

import type { RouteDefinition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { defaultRoutes, unrouted } from './default-routes.js';
import { withLastResort } from './last-resort.js';
import type { Planned, RouteProgress } from './planned.js';
import type { Stage } from './stage.js';
import type { Tables } from './tables.js';

/**
 * Which routes a notification takes: all that are for its audience, its model and its severity. Without any declared
 * route the default ones hold. Where nothing is declared for its audience and model it goes to the terminal; where
 * something is, but for worse severities only, nobody is told.
 */
export const route: Stage = {
  name: 'route',
  apply(planned, { tables }) {
    const forReceiver = declaredRoutes(tables).filter(([, definition]) => isForReceiver(definition, planned));
    const taken = forReceiver.filter(([, { minimumSeverity }]) => planned.severity >= minimumSeverity);
    if (forReceiver.length === 0) taken.push(['unrouted', unrouted]);
    return taken.length === 0 ? null : { ...planned, routes: taken.map(routeProgress) };
  },
};

type NamedRoute = readonly [name: string, definition: RouteDefinition];

/** By name. */
function declaredRoutes({ routes }: Tables): readonly NamedRoute[] {
  if (routes.size === 0) return defaultRoutes;
  return [...routes.entries()].flatMap(([name, { kind }]) =>
    kind.case === 'route' ? [[name, kind.value] as const] : [],
  );
}

function isForReceiver({ audience, model }: RouteDefinition, planned: Planned): boolean {
  return audience === planned.audience && (model === '' || model === planned.model);
}

function routeProgress([name, { channels, groupWaitMs }]: NamedRoute): RouteProgress {
  return { name, channels: withLastResort(channels), at: 0, groupWaitMs };
}

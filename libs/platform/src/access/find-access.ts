import { routeTable, type RouteAccess } from './route-access.js';

/** Finds what the table says of a route. */
export class AccessTable {
  private readonly byRoute: ReadonlyMap<string, RouteAccess>;

  constructor(entries: readonly RouteAccess[] = routeTable) {
    this.byRoute = new Map(entries.map((entry) => [`${entry.method} ${entry.path}`, entry]));
  }

  /** @param path as the framework has it, with parameters. `undefined`: the table does not know the route. */
  of(method: string, path: string | undefined): RouteAccess | undefined {
    return this.byRoute.get(`${method === 'HEAD' ? 'GET' : method} ${path}`);
  }
}

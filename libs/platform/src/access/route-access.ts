import type { Role } from '../auth/role.js';

/** Who may ask a route, and how far it reaches. */
export interface RouteAccess {
  /** `HEAD` goes with `GET`. */
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** As the framework has it: `/api/v1/environments/:environment`. */
  readonly path: string;
  readonly services: string;
  /** `anyone`: without a token too. `any role`: whoever is authenticated. */
  readonly role: Role | 'anyone' | 'any role';
  /**
   * What a token that is good for some environments only may do here. `in the path`: only those named there. `of events`:
   * only if events go into one of them. `answers those`: the handler leaves the others out. `all`: refused, since it
   * concerns every environment. `none`: it concerns none.
   */
  readonly environment: 'in the path' | 'of events' | 'answers those' | 'all' | 'none';
  /** Answers whatever host is asked for: probes and Prometheus use the address of a pod. */
  readonly anyHost?: true;
  /** For documents: what it does. */
  readonly text: string;
}

const environment = '/api/v1/environments/:environment';
const incident = `${environment}/incidents/:incident`;
const definition = `${environment}/definitions/:kind/:name`;
const letter = `${environment}/dead-letters/:id`;
const aliases = '/registry/:environment/api/2.0/mlflow/registered-models/alias';

type Own = Pick<RouteAccess, 'text'> & Partial<RouteAccess>;

const probe = (path: string, own: Own): RouteAccess => ({
  ...{ method: 'GET', path, services: 'every', role: 'anyone', environment: 'none', anyHost: true },
  ...own,
});
const page = (path: string, own: Own): RouteAccess => ({
  ...{ method: 'GET', path, services: 'console', role: 'anyone', environment: 'none' },
  ...own,
});
const read = (path: string, own: Own): RouteAccess => ({
  ...{ method: 'GET', path, services: 'console', role: 'viewer', environment: 'in the path' },
  ...own,
});
const write = (method: 'POST' | 'DELETE', path: string, own: Own): RouteAccess => ({
  ...{ method, path, services: 'console', role: 'operator', environment: 'in the path' },
  ...own,
});
const manage = (method: RouteAccess['method'], path: string, own: Own): RouteAccess => ({
  ...{ method, path, services: 'console', role: 'admin', environment: 'all' },
  ...own,
});
const alias = (method: RouteAccess['method'], own: Own): RouteAccess => ({
  ...{ method, path: aliases, services: 'embedded registry', role: 'operator', environment: 'in the path' },
  ...own,
});

/**
 * Every route of every service, with who may ask it. What is not in it is refused to everybody; `docs/security.md` and the
 * test of all routes and roles are made from it.
 */
export const routeTable: readonly RouteAccess[] = [
  probe('/healthz', { text: 'Whether the process is alive.' }),
  probe('/readyz', { text: 'Whether it is ready, and what it waits for.' }),
  probe('/metrics', { role: 'viewer', environment: 'all', text: 'Metrics of the process.' }),
  probe('/metrics/models', {
    ...{ services: 'console', role: 'viewer', environment: 'all' },
    text: "The models' figures, for Prometheus.",
  }),
  page('/', { text: 'The page; it asks for the token.' }),
  page('/assets/:name', { text: 'Its files.' }),
  read('/api/v1/me', { role: 'any role', environment: 'none', text: 'Who the token is, and what it may do.' }),
  read('/api/v1/openapi.json', { environment: 'none', text: 'The description of the API.' }),
  read('/api/v1/environments', { environment: 'answers those', text: 'The environments.' }),
  read('/api/v1/changes', { environment: 'answers those', text: 'Changes, as they happen.' }),
  read(environment, { text: 'One environment.' }),
  read(`${environment}/calendar`, { text: 'What the steps of a replay are called.' }),
  read(`${environment}/models`, { text: 'Models.' }),
  read(`${environment}/models/:model`, { text: 'A model.' }),
  read(`${environment}/models/:model/breakdown`, { text: 'Its segments, classes and residuals.' }),
  read(`${environment}/models/:model/history`, { text: 'How a metric went.' }),
  read(`${environment}/history`, { text: 'What history holds.' }),
  read(`${environment}/history/:table`, { text: 'Rows of a table of history, as JSON, CSV or Parquet.' }),
  read(`${environment}/history/:table/values/:column`, { text: 'Which values a column of history has.' }),
  read(`${environment}/history-file`, { role: 'operator', text: 'All of history as one file.' }),
  read(`${environment}/jobs`, { text: 'Training jobs.' }),
  read(`${environment}/models/:model/jobs/:job`, { text: 'A training job.' }),
  read(`${environment}/instances`, { text: 'Instances.' }),
  read(`${environment}/infrastructure`, { text: 'What Prometheus servers are asked for, and how that goes.' }),
  read(`${environment}/measurements`, { text: 'Measurements.' }),
  read(`${environment}/incidents`, { text: 'Incidents.' }),
  read(incident, { text: 'An incident with its timeline.' }),
  read(`${incident}/post-mortem`, { text: 'Its post-mortem.' }),
  write('POST', `${incident}/commands`, { text: 'Acknowledges, resolves or judges it.' }),
  write('POST', `${environment}/missed-incidents`, { text: 'Reports an incident that no alert fired for.' }),
  read(`${environment}/alert-quality`, { text: 'How good alerts are, by what people said of incidents.' }),
  read(`${environment}/commands/:command`, { text: 'Whether a command was obeyed.' }),
  read(`${environment}/definitions`, { text: 'Definitions in force.' }),
  read(definition, { text: 'A definition.' }),
  write('POST', `${environment}/definitions`, { text: 'Applies definitions.' }),
  write('DELETE', definition, { text: 'Deletes a definition.' }),
  read(`${environment}/dead-letters`, { text: 'What was refused, and why.' }),
  read(letter, { role: 'operator', text: 'A dead letter, opened: it holds what the producer sent.' }),
  write('POST', `${letter}/retry`, { text: 'Takes it in again.' }),
  manage('GET', '/api/v1/tokens', { text: 'API tokens, without their texts.' }),
  manage('POST', '/api/v1/tokens', { text: 'Makes an API token.' }),
  manage('DELETE', '/api/v1/tokens/:token', { text: 'Revokes an API token.' }),
  write('POST', '/v1/events', {
    services: 'collector',
    role: 'ingest',
    environment: 'of events',
    text: 'Takes events.',
  }),
  alias('GET', { role: 'viewer', text: 'Which version an alias names.' }),
  alias('POST', { text: 'Moves an alias.' }),
  alias('DELETE', { text: 'Removes an alias.' }),
];

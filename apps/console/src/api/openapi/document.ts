import { STATUS_CODES } from 'node:http';
import { AccessTable } from '@moola/platform/access/find-access';
import { routes, type DocumentedAnswer, type DocumentedRoute } from './routes.js';
import { componentSchemas, reference } from './schemas.js';

/** The API as an OpenAPI 3.1 document, made from its schemas and the list of its routes. */
export function openApiDocument(): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) (paths[route.path] ??= {})[route.method] = operation(route);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Moola',
      version: '1',
      description:
        'What the console reads and writes. Times are milliseconds since the epoch, UTC, by the clock of the ' +
        'environment; money is in US dollars. Events of models are sent to POST /v1/events: see docs/events.md.',
    },
    // A bearer token where authentication is configured (MOOLA_TOKEN), none otherwise.
    security: [{ token: [] }, {}],
    paths,
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } }, schemas: componentSchemas() },
  };
}

const table = new AccessTable();

/** `viewer`, …: who may ask. */
const roleOf = ({ method, path }: DocumentedRoute): string =>
  table.of(method.toUpperCase(), path.replace(/\{(\w+)\}/g, ':$1'))?.role ?? 'nobody';

function operation(route: DocumentedRoute): Record<string, unknown> {
  const { path, summary, query = {}, body, answer, refusals } = route;
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    ...{ name, in: 'path', required: true, schema: { type: 'string' } },
  }));
  const inQuery = Object.entries(query).map(([name, description]) => ({
    ...{ name, in: 'query', required: false, description, schema: { type: 'string' } },
  }));
  return {
    summary,
    description: `Role: ${roleOf(route)}.`,
    parameters: [...inPath, ...inQuery],
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: reference(body) } } } }),
    responses: {
      [answer.status]: answered(answer),
      ...Object.fromEntries(
        [...refusals, 401, 403].map((status) => [
          status,
          {
            description: STATUS_CODES[status] ?? 'Refused',
            content: { 'application/json': { schema: reference('Refusal') } },
          },
        ]),
      ),
    },
  };
}

function answered(answer: DocumentedAnswer): Record<string, unknown> {
  if ('media' in answer) return { description: answer.description, content: { [answer.media]: {} } };
  const schema = 'one' in answer ? reference(answer.one) : { type: 'array', items: reference(answer.many) };
  return { description: STATUS_CODES[answer.status] ?? 'Done', content: { 'application/json': { schema } } };
}

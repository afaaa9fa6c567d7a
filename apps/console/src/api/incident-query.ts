import { z } from 'zod';
import { mostAPage, queryOf } from './page-query.js';

const query = z.strictObject({
  limit: z.coerce.number().int().min(1).max(mostAPage).default(100),
  before: z.string().min(1).optional(),
  state: z.enum(['open', 'resolved']).optional(),
  model: z.string().min(1).optional(),
});

/** Which incidents are asked for. An incident that was acknowledged is open. */
export type IncidentQuery = z.infer<typeof query>;

/** @throws {BadRequestException} that names the parameter and what it may be */
export function incidentQuery(parameters: Readonly<Record<string, unknown>>): IncidentQuery {
  return queryOf(query, parameters);
}

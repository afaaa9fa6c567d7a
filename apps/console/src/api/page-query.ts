import { BadRequestException } from '@nestjs/common';
import { z } from 'zod';

/** As many as an answer holds, unless fewer are asked for. */
export const mostAPage = 1000;

const query = z.strictObject({
  limit: z.coerce.number().int().min(1).max(mostAPage).default(100),
  offset: z.coerce.number().int().min(0).default(0),
  order: z.enum(['name', 'need']).default('name'),
});

export type PageQuery = z.infer<typeof query>;

/** @throws {BadRequestException} that names the parameter and what it may be */
export function pageQuery(parameters: Readonly<Record<string, unknown>>): PageQuery {
  return queryOf(query, parameters);
}

/** @throws {BadRequestException} that names the parameter and what it may be */
export function queryOf<T>(schema: z.ZodType<T>, parameters: Readonly<Record<string, unknown>>): T {
  const read = schema.safeParse(parameters);
  if (read.success) return read.data;
  throw new BadRequestException(
    read.error.issues.map(({ path, message }) => `${path.join('.') || 'the query'}: ${message}`),
  );
}

import { z } from 'zod';
import { jobStates } from '../read-model/subject-views.js';
import { mostAPage, queryOf } from './page-query.js';

const page = {
  limit: z.coerce.number().int().min(1).max(mostAPage).default(100),
  offset: z.coerce.number().int().min(0).default(0),
  model: z.string().min(1).optional(),
};
const jobs = z.strictObject({ ...page, state: z.enum(jobStates).optional() });
const infrastructure = z.strictObject({ model: page.model });
const instances = z.strictObject(page);
const measurements = z.strictObject({ ...page, name: z.string().min(1).optional() });

/** @throws {BadRequestException} that names the parameter and what it may be */
export const jobsQuery = (parameters: Readonly<Record<string, unknown>>) => queryOf(jobs, parameters);

/** @throws {BadRequestException} that names the parameter and what it may be */
export const instancesQuery = (parameters: Readonly<Record<string, unknown>>) => queryOf(instances, parameters);

/** @throws {BadRequestException} that names the parameter and what it may be */
export const infrastructureQuery = (parameters: Readonly<Record<string, unknown>>) =>
  queryOf(infrastructure, parameters);

/** @throws {BadRequestException} that names the parameter and what it may be */
export const measurementsQuery = (parameters: Readonly<Record<string, unknown>>) => queryOf(measurements, parameters);

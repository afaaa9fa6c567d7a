import { z } from 'zod';
import type { ViewOf } from './view.js';

/* What the read API answers of environments. */

export const replayView = z.strictObject({ step: z.number(), steps: z.number(), finished: z.boolean() });
export type ReplayView = ViewOf<typeof replayView>;

export const environmentView = z.strictObject({
  environment: z.string(),
  clockMs: z
    .number()
    .nullable()
    .describe("The environment's own clock: the largest tick so far; null before the first."),
  behind: z.number().describe('Records that exist and are not taken in yet.'),
  caughtUp: z.boolean().describe('Whether all that was there at the start has been taken in.'),
  stale: z
    .string()
    .nullable()
    .describe('Why what is answered may be old: the log cannot be read at the moment. null while facts arrive.'),
  replay: replayView.nullable(),
  models: z.number(),
  openIncidents: z.number(),
});
export type EnvironmentView = ViewOf<typeof environmentView>;

export const calendarView = z.strictObject({
  startMs: z.number().describe('Of the first step, milliseconds since the epoch.'),
  stepMs: z.number().describe('Length of a step, milliseconds.'),
  labels: z
    .array(z.string())
    .describe('What each step is called, such as its trading date; empty where it has no name.'),
});
/** What the steps of a replay are called, where its clock is not that of what it tells. */
export type CalendarView = ViewOf<typeof calendarView>;

/** What changed since listeners were last told. */
export const changeView = z.strictObject({
  environment: z.string(),
  models: z.array(z.string()),
  incidents: z.array(z.string()),
});
export type ChangeView = ViewOf<typeof changeView>;

import { z } from 'zod';
import type { ViewOf } from './view.js';

export const figureView = z.strictObject({
  metric: z.string(),
  value: z.number().nullable().describe('null without samples.'),
  samples: z.number(),
  lower: z.number().nullable(),
  upper: z.number().nullable(),
  effectiveSamples: z.number().nullable().describe('What dependent samples are worth.'),
});
export type FigureView = ViewOf<typeof figureView>;

import { z } from 'zod';
import type { ViewOf } from './view.js';
import { figureView } from './figure-view.js';

/* What one version's window is made of: its segments, its classes, its scores, its residuals. */

export const segmentFiguresView = z.strictObject({
  key: z.string().describe('A label of predictions.'),
  value: z.string().describe('Its value; empty where `other` is true.'),
  other: z.boolean().describe('All values of the label that came after as many segments as are told apart.'),
  figures: z.array(figureView),
  difference: z
    .number()
    .nullable()
    .describe('The compared metric here − that of all other values of the label; null with fewer than 30 samples.'),
  adjustedPValue: z
    .number()
    .nullable()
    .describe('The probability of a difference this bad by chance, adjusted for the number of segments.'),
  worse: z.boolean().describe('Worse than the rest: of those so called at most 5 % are so by chance.'),
});
export type SegmentFiguresView = ViewOf<typeof segmentFiguresView>;

export const classFiguresView = z.strictObject({
  name: z.string().describe('Empty where `other` is true.'),
  other: z.boolean().describe('All classes that are not told apart; of a binary model, the one that is not positive.'),
  truths: z.number(),
  answered: z.number(),
  right: z.number(),
  precision: z.number().nullable().describe('right ÷ answered; null without answers.'),
  recall: z.number().nullable().describe('right ÷ truths; null without truths.'),
  f1: z.number().nullable(),
});
export type ClassFiguresView = ViewOf<typeof classFiguresView>;

export const scoreBinView = z.strictObject({
  from: z.number(),
  to: z.number(),
  count: z.number(),
  meanScore: z.number(),
  cameTrue: z.number().describe('Of them, truly positive; of several classes, answered right.'),
});
export type ScoreBinView = ViewOf<typeof scoreBinView>;

export const residualBarView = z.strictObject({ from: z.number(), to: z.number(), count: z.number() });

export const residualHistogramView = z.strictObject({
  count: z.number().describe('Residuals (answer − truth) in all.'),
  bias: z.number().describe('Their mean.'),
  bars: z.array(residualBarView).describe('Of equal width, side by side. The counts are exact.'),
  below: z.number().describe('Residuals below the first bar; with those above the last at most 1 % of all.'),
  above: z.number(),
});
export type ResidualHistogramView = ViewOf<typeof residualHistogramView>;

export const breakdownView = z.strictObject({
  version: z.string(),
  serving: z.boolean(),
  atMs: z.number().describe('When it was read: at most once a minute. Milliseconds since the epoch.'),
  windowMs: z.number().describe('The window of the budget, milliseconds.'),
  compared: z.string().describe('The metric by which segments are compared.'),
  segments: z.array(segmentFiguresView).describe('By label, then by value.'),
  classes: z.array(classFiguresView).describe('Of a classifier: the most frequent truths first.'),
  confusion: z
    .array(z.array(z.number()))
    .describe('Of a classifier: a row for each truth, a column for each answer, in the order of `classes`.'),
  scores: z.array(scoreBinView).describe('Of a binary model with scores: by tenths of the score, without empty ones.'),
  residuals: residualHistogramView.nullable().describe('Of a regression with labels; null of others.'),
});
export type BreakdownView = ViewOf<typeof breakdownView>;

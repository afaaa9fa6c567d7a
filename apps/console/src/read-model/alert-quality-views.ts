import { z } from 'zod';
import type { ViewOf } from './view.js';

/* What the read API answers of how good alerts are. */

const count = z.int().nonnegative();
const rate = z.number().nullable();

export const ruleQualityView = z.strictObject({
  model: z.string(),
  rule: z.string().describe('Empty: incidents that were missed without anybody naming a rule.'),
  real: count.describe('Incidents that people judged to be real; of several verdicts the last one counts.'),
  false: count.describe('Those that they judged to be false alarms.'),
  unclear: count.describe('Those of which it could not be said: they count nowhere.'),
  unjudged: count.describe('Those of which nobody has said anything.'),
  missed: count.describe('Reports of incidents for which it should have fired.'),
  falsePositiveRate: rate.describe('false ÷ (real + false); null without either.'),
  falseNegativeRate: rate.describe('missed ÷ (missed + real); null without either.'),
});
export type RuleQualityView = ViewOf<typeof ruleQualityView>;

const timeMs = z.number().describe('Milliseconds since the epoch.');

export const missedView = z.strictObject({
  model: z.string(),
  rule: z.string().describe('Empty: nobody said which should have fired.'),
  fromMs: timeMs,
  toMs: timeMs,
  note: z.string(),
  by: z.string(),
  byAuthenticated: z.boolean().describe('false: it is a name that the sender wrote.'),
  atMs: timeMs,
});
export type MissedView = ViewOf<typeof missedView>;

export const alertQualityView = z.strictObject({
  targets: z
    .strictObject({ falsePositiveRate: z.number(), falseNegativeRate: z.number() })
    .describe('What the rates should stay below.'),
  rules: z.array(ruleQualityView).describe('Every rule that opened an incident, or missed one.'),
  missed: z.array(missedView).describe('The newest hundred reports.'),
});
export type AlertQualityView = ViewOf<typeof alertQualityView>;

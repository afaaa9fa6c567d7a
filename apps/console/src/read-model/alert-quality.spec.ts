import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { IncidentEventSchema, type IncidentEvent } from '@moola/contracts/gen/moola/v1/incidents_pb';
import { AlertVerdict } from '@moola/contracts/gen/moola/v1/signals_pb';
import { AlertQuality } from './alert-quality.js';
import { alertQualityView } from './alert-quality-views.js';

const { REAL, FALSE, UNCLEAR } = AlertVerdict;

const opened = (rule: string, n: number, model = 'fraud') =>
  create(IncidentEventSchema, {
    ...{ incident: `${model}~${rule}~${n}`, number: 1, model },
    kind: { case: 'opened', value: { rule } },
  });
const judged = (rule: string, n: number, verdict: AlertVerdict, model = 'fraud') =>
  create(IncidentEventSchema, {
    ...{ incident: `${model}~${rule}~${n}`, number: 2, model },
    kind: { case: 'judged', value: { verdict, by: 'ada', command: `${rule}${n}${verdict}` } },
  });
const missed = (rule: string, command: string, model = 'fraud') =>
  create(IncidentEventSchema, {
    ...{ model, atMs: 9 },
    kind: { case: 'missedReported', value: { rule, fromMs: 1, toMs: 2, by: 'ada', command, authenticated: true } },
  });

function qualityOf(...events: readonly IncidentEvent[]) {
  const quality = new AlertQuality();
  for (const event of events) quality.take(event);
  return alertQualityView.parse(quality.view());
}

describe('the quality of alerts', () => {
  it('is unknown without a verdict, and nothing without an incident', () => {
    expect(qualityOf()).toMatchObject({ rules: [], missed: [] });
    expect(qualityOf(opened('Drop', 1)).rules).toEqual([
      {
        ...{ model: 'fraud', rule: 'Drop', real: 0, false: 0, unclear: 0, unjudged: 1, missed: 0 },
        ...{ falsePositiveRate: null, falseNegativeRate: null },
      },
    ]);
  });

  it('is false ÷ (real + false), and missed ÷ (missed + real); what is unclear counts nowhere', () => {
    const incidents = [1, 2, 3, 4, 5, 6].map((n) => opened('Drop', n));
    const verdicts = [REAL, REAL, REAL, FALSE, UNCLEAR].map((verdict, i) => judged('Drop', i + 1, verdict));
    const { rules } = qualityOf(...incidents, ...verdicts, missed('Drop', 'a'), missed('Drop', 'b'));
    expect(rules).toEqual([
      {
        ...{ model: 'fraud', rule: 'Drop', real: 3, false: 1, unclear: 1, unjudged: 1, missed: 2 },
        ...{ falsePositiveRate: 0.25, falseNegativeRate: 0.4 },
      },
    ]);
  });

  it('follows the last verdict on an incident, and counts a report once', () => {
    const events = [opened('Drop', 1), judged('Drop', 1, FALSE), judged('Drop', 1, REAL)];
    const { rules, missed: reports } = qualityOf(...events, missed('Drop', 'a'), missed('Drop', 'a'));
    expect(rules[0]).toMatchObject({ real: 1, false: 0, missed: 1, falsePositiveRate: 0, falseNegativeRate: 0.5 });
    expect(reports).toHaveLength(1);
  });

  it('keeps models and rules apart, and what was missed without a rule', () => {
    const { rules } = qualityOf(
      ...[opened('Drop', 1), judged('Drop', 1, FALSE), opened('Drop', 1, 'churn'), judged('Drop', 1, REAL, 'churn')],
      ...[missed('', 'a'), judged('Gone', 7, REAL)],
    );
    expect(
      rules.map(({ model, rule, falsePositiveRate, falseNegativeRate }) => [
        ...[model, rule, falsePositiveRate, falseNegativeRate],
      ]),
    ).toEqual([
      ['churn', 'Drop', 0, 0],
      ['fraud', '', null, 1],
      ['fraud', 'Drop', 1, null],
    ]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { create } from '@bufbuild/protobuf';
import { Severity } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { AlertTransitionSchema } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { annotationsOf, labelsText } from './annotations.js';

const alert = create(AlertTransitionSchema, {
  ...{ rule: 'Drop', version: 'v7', severity: Severity.CRITICAL, sinceMs: Date.UTC(2026, 0, 5, 9, 36), limit: 0.85 },
  figure: { metric: 'accuracy', value: 0.628, samples: 180 },
  summary: '{{ subject }}: {{ finding }} ({{ samples }} samples over {{ window }}), {{ severity }} since {{ since }}',
  definition: {
    windowMs: 1_800_000,
    labels: { tier: '1', team: 'fraud' },
    description:
      '{{ metric }} {{ figure }} of {{ limit }}: ask {{ labels.team }}. {{ baseline | default: "No baseline" }}.',
  },
});

describe('the words of a rule', () => {
  it('are filled in with the facts of its alert', () => {
    expect(annotationsOf('churn', alert)).toEqual({
      summary:
        'churn v7: Accuracy 62.8 %, limit 85 % (180 samples over 30 min), critical since 2026-01-05 09:36:00 UTC',
      description: 'Accuracy 62.8 % of 85 %: ask fraud. No baseline.',
      labels: { tier: '1', team: 'fraud' },
    });
  });

  it('are there without a figure and without a definition', () => {
    const { figure: _, definition: __, ...removed } = alert;
    const bare = create(AlertTransitionSchema, { ...removed, summary: '{{ model }} {{ figure }}' });
    expect(annotationsOf('churn', bare)).toEqual({ summary: 'churn unknown', description: '', labels: {} });
  });

  it('have labels in order of their names', () => {
    expect(labelsText({ tier: '1', team: 'fraud' })).toBe('team=fraud, tier=1');
  });
});

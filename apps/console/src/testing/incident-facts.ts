import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { Severity } from '@moola/contracts/gen/moola/v1/definitions_pb';
import {
  IncidentEventSchema,
  RollbackAnswer,
  Tier,
  type IncidentEvent,
} from '@moola/contracts/gen/moola/v1/incidents_pb';
import { minute, model } from './facts.js';

type Init = MessageInitShape<typeof IncidentEventSchema>;

export const incident = 'Fraud~AccuracyDrop~1';

const event = (number: number, atMs: number, kind: NonNullable<Init['kind']>): IncidentEvent =>
  create(IncidentEventSchema, { incident, number, atMs, model, kind });

/** An incident from its first event to its last, a list that a test cuts where it wants. */
export function incidentStory(startMs: number): IncidentEvent[] {
  const at = (minutes: number) => startMs + minutes * minute;
  return [
    event(1, at(0), {
      case: 'opened',
      value: {
        ...{ rule: 'AccuracyDrop', version: 'v2', severity: Severity.CRITICAL, gate: true },
        ...{ title: 'Accuracy 18 %, limit 80 %, v2', breachAtMs: at(-5) },
        alert: {
          ...{ rule: 'AccuracyDrop', version: 'v2', sinceMs: at(-5), limit: 0.8 },
          ...{ summary: 'Accuracy is below the budget', figure: { metric: 'accuracy', value: 0.18, samples: 180 } },
          definition: { runbook: 'https://wiki.example.org/accuracy' },
        },
      },
    }),
    event(2, at(0), {
      case: 'tier',
      value: { tier: Tier.ALERT_AND_SCALE, reason: 'starting tier for severity critical' },
    }),
    event(3, at(0), {
      case: 'decision',
      value: { answer: RollbackAnswer.HOLD, from: 'v2', to: 'v1', reason: 'no comparison yet' },
    }),
    event(4, at(1), { case: 'priced', value: { costUsd: 0.1, usdPerMinute: 0.5 } }),
    event(5, at(3), { case: 'acknowledged', value: { by: 'maria', command: 'command-1' } }),
    event(6, at(20), {
      case: 'decision',
      value: { answer: RollbackAnswer.MITIGATE, from: 'v2', to: 'v1', reason: 'better with confidence' },
    }),
    event(7, at(20), { case: 'tier', value: { tier: Tier.EMERGENCY, reason: 'a release is the cause' } }),
    event(8, at(21), { case: 'servingChanged', value: { from: 'v2', to: 'v1', by: 'responder', sinceMs: at(21) } }),
    event(9, at(60), { case: 'verified', value: { from: 'v2', to: 'v1', evidence: 'v1 − v2 = +0.56' } }),
    event(10, at(61), { case: 'resolved', value: { reason: 'the budget holds again', costUsd: 12.5 } }),
    event(11, at(61), { case: 'postMortem', value: { markdown: '# Accuracy was low\n' } }),
  ];
}

import type {
  Acknowledged,
  IncidentEvent,
  IncidentOpened,
  RollbackDecision,
} from '@moola/contracts/gen/moola/v1/incidents_pb';
import { Severity } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { Tier } from '@moola/contracts/gen/moola/v1/incidents_pb';
import { annotationsOf } from '@moola/wording/annotations';
import { breachOf } from '@moola/wording/headline';
import { withAction, withFault, withResult, withServing } from './fold-rollback.js';
import { findingsOf, joined, noFindings } from '../rollback/findings.js';
import type { Incident, LastDecision } from './incident.js';

/**
 * The incident after one more of its events: pure, total, and all that an incident is.
 * @param before `null` before `opened`, which is every incident's first event.
 */
export function fold(before: Incident | null, event: IncidentEvent): Incident {
  const incident = { ...(before ?? unopened(event)), number: event.number };
  const kind = event.kind;
  switch (kind.case) {
    case 'opened':
      return {
        ...urgent(incident, event),
        rule: kind.value.rule,
        title: kind.value.title,
        ...wordsOf(event.model, kind.value),
        reopens: kind.value.reopens,
        ...(kind.value.inferredSinceMs > 0 && { inferredSinceMs: kind.value.inferredSinceMs }),
        version: kind.value.version,
        gate: kind.value.gate,
        openedAtMs: event.atMs,
        breachAtMs: kind.value.breachAtMs,
        severity: kind.value.severity,
        severitySinceMs: event.atMs,
      };
    case 'severityRaised':
      // A new severity has deadlines of its own, and wants to be acknowledged anew.
      return {
        ...urgent(incident, event),
        severity: kind.value.to,
        severitySinceMs: event.atMs,
        acknowledgedBy: '',
        acknowledgedByAuthenticated: false,
        missedDeadlines: [],
      };
    case 'tier':
      return { ...course(incident, event), tier: kind.value.tier };
    case 'acknowledged':
      return acknowledged(incident, kind.value);
    case 'deadlineMissed':
      return kind.value.deadline === 'verification'
        ? { ...incident, rollback: incident.rollback && { ...incident.rollback, overdue: true } }
        : { ...incident, missedDeadlines: [...incident.missedDeadlines, kind.value.deadline] };
    case 'decision':
      return { ...course(incident, event), lastDecision: decided(incident.lastDecision, kind.value) };
    case 'action':
      return withAction(course(incident, event), event.atMs, kind.value);
    case 'result':
      return withResult(course(incident, event), event.atMs, kind.value);
    case 'servingChanged':
      return withServing(outdated(course(incident, event)), kind.value);
    case 'verified':
      return inPhase(course(incident, event), 'verified');
    case 'rollbackFailed':
      return inPhase(course(incident, event), incident.questionClosed === '' ? 'superseded' : 'failed');
    case 'notified':
      return incident.told.includes(kind.value.audience)
        ? incident
        : { ...incident, told: [...incident.told, kind.value.audience] };
    case 'priced':
      return withCost(incident, kind.value.costUsd, false);
    case 'resolved': {
      const resolved = { ...incident, state: 'resolved', resolvedAtMs: event.atMs } as const;
      return withCost(resolved, kind.value.costUsd, kind.value.costUnknown);
    }
    case 'alert':
      return !incident.metric ? { ...incident, metric: kind.value.figure?.metric ?? '' } : incident;
    case 'targetFailing':
      return withFault(course(incident, event), kind.value.fault);
    case 'notApplicable':
      return kind.value.action === 'move_alias' && incident.lastDecision !== null
        ? { ...incident, lastDecision: { ...incident.lastDecision, advised: true } }
        : incident;
    case 'judged': {
      const { verdict, note, by, authenticated } = kind.value;
      return { ...incident, verdict: { verdict, note, by, authenticated } };
    }
    case 'receipt':
    case 'postMortem':
    case 'commandRefused':
    case 'missedReported':
    case undefined:
      return incident;
  }
}

function acknowledged(incident: Incident, { by, authenticated }: Acknowledged): Incident {
  return { ...incident, acknowledgedBy: by, acknowledgedByAuthenticated: authenticated };
}

function decided(
  before: LastDecision | null,
  { answer, from, to, reason, code, lookedAt }: RollbackDecision,
): LastDecision {
  const known = before !== null && before.from === from && !before.outdated ? before.findings : undefined;
  return { answer, from, to, reason, code, findings: joined(known ?? noFindings, findingsOf(lookedAt)) };
}

function outdated(incident: Incident): Incident {
  const { lastDecision } = incident;
  return lastDecision === null ? incident : { ...incident, lastDecision: { ...lastDecision, outdated: true } };
}

type Words = Pick<Incident, 'breach' | 'summary' | 'description' | 'labels' | 'runbook'>;

function wordsOf(model: string, { alert }: IncidentOpened): Words {
  if (alert === undefined) return {};
  const { summary, description, labels } = annotationsOf(model, alert);
  return {
    ...{ breach: breachOf(alert), summary, runbook: alert.definition?.runbook ?? '' },
    ...(description !== '' && { description }),
    ...(Object.keys(labels).length > 0 && { labels }),
  };
}

function unopened(event: IncidentEvent): Incident {
  return {
    id: event.incident,
    model: event.model,
    rule: '',
    title: '',
    version: '',
    metric: '',
    gate: false,
    openedAtMs: event.atMs,
    breachAtMs: event.atMs,
    number: 0,
    severity: Severity.UNSPECIFIED,
    severitySinceMs: event.atMs,
    tier: Tier.UNSPECIFIED,
    state: 'open',
    resolvedAtMs: null,
    acknowledgedBy: '',
    missedDeadlines: [],
    lastDecision: null,
    rollback: null,
    questionClosed: '',
    step: 0,
    told: [],
    urgencyNumber: 0,
    courseNumber: 0,
    costUsd: 0,
  };
}

function withCost({ costUnknown: _, ...incident }: Incident, costUsd: number, costUnknown: boolean): Incident {
  return { ...incident, costUsd, ...(costUnknown ? { costUnknown } : {}) };
}

function urgent(incident: Incident, event: IncidentEvent): Incident {
  return { ...course(incident, event), urgencyNumber: event.number };
}

function course(incident: Incident, event: IncidentEvent): Incident {
  return { ...incident, courseNumber: event.number };
}

function inPhase(incident: Incident, phase: 'verified' | 'failed' | 'superseded'): Incident {
  return { ...incident, rollback: incident.rollback && { ...incident.rollback, phase } };
}

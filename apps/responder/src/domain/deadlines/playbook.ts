import { Severity, type PlaybookDefinition } from '@moola/contracts/gen/moola/v1/definitions_pb';

/** Response times and escalation of one severity. Milliseconds from the opening, or from the raise to that severity. */
export interface SeverityDeadlines {
  readonly respondWithinMs: number;
  readonly escalateAfterMs: number;
  readonly escalateTo: string;
}

/** How the incidents of a model are answered. */
export interface Playbook {
  deadlines(severity: Severity): SeverityDeadlines;
  readonly healActions: readonly string[];
  readonly scaleActions: readonly string[];
  readonly verifyWithinMs: number;
  readonly rollbackAutomatically: boolean;
  /** How long an incident that a person resolved may stay so while its alert fires, milliseconds. */
  readonly reopenAfterMs: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** The severity matrix of the system as first described. */
export const severityMatrix: Readonly<Record<Severity, SeverityDeadlines>> = {
  [Severity.UNSPECIFIED]: { respondWithinMs: 4 * HOUR_MS, escalateAfterMs: 24 * HOUR_MS, escalateTo: 'manager' },
  [Severity.INFO]: { respondWithinMs: 4 * HOUR_MS, escalateAfterMs: 24 * HOUR_MS, escalateTo: 'manager' },
  [Severity.WARNING]: { respondWithinMs: 2 * HOUR_MS, escalateAfterMs: 8 * HOUR_MS, escalateTo: 'manager' },
  [Severity.CRITICAL]: { respondWithinMs: 30 * MINUTE_MS, escalateAfterMs: HOUR_MS, escalateTo: 'manager' },
  [Severity.EMERGENCY]: { respondWithinMs: 15 * MINUTE_MS, escalateAfterMs: 30 * MINUTE_MS, escalateTo: 'executive' },
};

/** Where nobody declared a playbook: the matrix, and no rollback without a person. */
export const defaultPlaybook: Playbook = {
  deadlines: (severity) => severityMatrix[severity],
  healActions: [],
  scaleActions: [],
  verifyWithinMs: 2 * HOUR_MS,
  rollbackAutomatically: false,
  reopenAfterMs: HOUR_MS / 2,
};

/** A declared playbook; severities that it leaves out are answered as the matrix says. */
export function declaredPlaybook(definition: PlaybookDefinition): Playbook {
  return {
    deadlines: (severity) =>
      definition.severities.find((policy) => policy.severity === severity) ?? severityMatrix[severity],
    healActions: definition.healActions,
    scaleActions: definition.scaleActions,
    verifyWithinMs: definition.verifyWithinMs > 0 ? definition.verifyWithinMs : defaultPlaybook.verifyWithinMs,
    rollbackAutomatically: definition.rollbackAutomatically,
    reopenAfterMs: definition.reopenAfterMs > 0 ? definition.reopenAfterMs : defaultPlaybook.reopenAfterMs,
  };
}

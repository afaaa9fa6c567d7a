import { defaultPlaybook as contractsDefault } from '@moola/contracts/definitions/defaults';
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

const defaults = contractsDefault();
const anySeverity: SeverityDeadlines = deadlinesIn(defaults, Severity.INFO) ?? {
  respondWithinMs: Infinity,
  escalateAfterMs: Infinity,
  escalateTo: 'manager',
};

/** Where nobody declared a playbook: the severity matrix of the contracts, and no rollback without a person. */
export const defaultPlaybook: Playbook = declaredPlaybook(defaults);

/** A declared playbook; severities that it leaves out are answered as in the default one. */
export function declaredPlaybook(definition: PlaybookDefinition): Playbook {
  return {
    deadlines: (severity) => deadlinesIn(definition, severity) ?? deadlinesIn(defaults, severity) ?? anySeverity,
    healActions: definition.healActions,
    scaleActions: definition.scaleActions,
    verifyWithinMs: definition.verifyWithinMs || defaults.verifyWithinMs,
    rollbackAutomatically: definition.rollbackAutomatically,
    reopenAfterMs: definition.reopenAfterMs || defaults.reopenAfterMs,
  };
}

function deadlinesIn({ severities }: PlaybookDefinition, severity: Severity): SeverityDeadlines | undefined {
  return severities.find((policy) => policy.severity === severity);
}

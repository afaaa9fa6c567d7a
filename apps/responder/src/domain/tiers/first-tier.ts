import { Severity } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { Tier } from '@moola/contracts/gen/moola/v1/incidents_pb';

/** Where an incident of a severity begins. */
export function firstTier(severity: Severity): Tier {
  switch (severity) {
    case Severity.EMERGENCY:
      return Tier.EMERGENCY;
    case Severity.CRITICAL:
      return Tier.ALERT_AND_SCALE;
    case Severity.WARNING:
    case Severity.INFO:
    case Severity.UNSPECIFIED:
      return Tier.AUTO_HEAL;
  }
}

import { severityName } from '@moola/contracts/definitions/severities';
import type { Severity } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { RollbackAnswer, Tier } from '@moola/contracts/gen/moola/v1/incidents_pb';

/** `CRITICAL`, as messages say it. */
export const severityWord = (severity: Severity): string => severityName(severity).toUpperCase();

export const tierNames: Readonly<Record<Tier, string>> = {
  [Tier.UNSPECIFIED]: 'none',
  [Tier.AUTO_HEAL]: 'auto-heal',
  [Tier.ALERT_AND_SCALE]: 'alert and scale',
  [Tier.EMERGENCY]: 'emergency',
};

export const answerNames: Readonly<Record<RollbackAnswer, string>> = {
  [RollbackAnswer.UNSPECIFIED]: 'none',
  [RollbackAnswer.HOLD]: 'hold',
  [RollbackAnswer.MITIGATE]: 'mitigate',
  [RollbackAnswer.ROLL_BACK]: 'roll back',
  [RollbackAnswer.UNDO]: 'undo',
};

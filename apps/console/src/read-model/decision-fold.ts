import { RollbackAnswer, type IncidentEvent } from '@moola/contracts/gen/moola/v1/incidents_pb';
import { newlySure } from '@moola/wording/newly-sure';
import type { DecisionView } from './incident-views.js';

const answerName: Readonly<Record<RollbackAnswer, DecisionView['answer']>> = {
  [RollbackAnswer.UNSPECIFIED]: 'hold',
  [RollbackAnswer.HOLD]: 'hold',
  [RollbackAnswer.MITIGATE]: 'mitigate',
  [RollbackAnswer.ROLL_BACK]: 'roll back',
  [RollbackAnswer.UNDO]: 'undo',
};

/** The newest decision about a rollback of one incident, and what came of it. */
export class DecisionFold {
  private decision: DecisionView | null = null;

  take({ atMs, kind }: IncidentEvent): void {
    if (kind.case === 'decision') {
      const { from, to } = kind.value;
      const newly = newlySure(kind.value);
      const reason = newly === '' ? kind.value.reason : `${kind.value.reason}; ${newly}`;
      const answer = answerName[kind.value.answer];
      const effect = answer === 'hold' ? 'none' : 'awaited';
      this.decision = { atMs, answer, from, to, reason, effect, evidence: '' };
    }
    if (kind.case === 'verified') this.came('verified', kind.value.evidence);
    if (kind.case === 'rollbackFailed') this.came('failed', kind.value.reason);
  }

  view(): DecisionView | null {
    return this.decision;
  }

  private came(effect: 'verified' | 'failed', evidence: string): void {
    if (this.decision !== null) this.decision = { ...this.decision, effect, evidence };
  }
}

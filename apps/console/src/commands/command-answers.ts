import { instant } from '@moola/wording/instants';
import type { IncidentEvent } from '@moola/contracts/gen/moola/v1/incidents_pb';
import type { CommandOutcomeView } from './views.js';

/** The answers to the commands of one environment, by the command's id. */
export class CommandAnswers {
  private readonly answers = new Map<string, CommandOutcomeView>();

  take(event: IncidentEvent): void {
    const answer = answerIn(event);
    if (answer !== null) this.answers.set(answer.command, answer.outcome);
  }

  outcome(command: string): CommandOutcomeView {
    return this.answers.get(command) ?? { state: 'waiting' };
  }
}

function answerIn(event: IncidentEvent): { command: string; outcome: CommandOutcomeView } | null {
  const { incident, number, atMs, kind } = event;
  const obeyed = (command: string, reason: string) =>
    command === '' ? null : { command, outcome: { state: 'obeyed' as const, incident, number, atMs, reason } };
  switch (kind.case) {
    case 'acknowledged':
    case 'judged':
    case 'missedReported':
      return obeyed(kind.value.command, '');
    case 'resolved': {
      const { command, reopensAtMs } = kind.value;
      const again = `its alert still fires: it is opened again at ${instant(reopensAtMs)} unless that ends before, or has no data then`;
      return obeyed(command, reopensAtMs > 0 ? again : '');
    }
    case 'commandRefused': {
      const { command, reason } = kind.value;
      return { command, outcome: { state: 'refused', incident, number, atMs, reason } };
    }
    default:
      return null;
  }
}

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
  switch (kind.case) {
    case 'acknowledged':
    case 'resolved': {
      const { command } = kind.value;
      return command === '' ? null : { command, outcome: { state: 'obeyed', incident, number, atMs, reason: '' } };
    }
    case 'commandRefused': {
      const { command, reason } = kind.value;
      return { command, outcome: { state: 'refused', incident, number, atMs, reason } };
    }
    default:
      return null;
  }
}

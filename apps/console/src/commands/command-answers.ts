import type { IncidentEvent } from '@moola/contracts/gen/moola/v1/incidents_pb';
import { topicName, topics } from '@moola/contracts/topics';
import type { EventLog } from '@moola/streams/event-log';
import { follow } from '../read-model/follow.js';

/** What became of a command: the responder's answer stands in the incident's timeline. */
export type CommandOutcomeView =
  | { readonly state: 'waiting' }
  | {
      readonly state: 'obeyed' | 'refused';
      readonly incident: string;
      /** The incident's event that answers it. */
      readonly number: number;
      readonly atMs: number;
      /** Why it was refused; empty when it was obeyed. */
      readonly reason: string;
    };

/** The answers to commands, by the command's id, of all environments of this process. */
export class CommandAnswers {
  private readonly answers: ReadonlyMap<string, Map<string, CommandOutcomeView>>;

  constructor(
    environments: readonly string[],
    private readonly log: EventLog,
  ) {
    this.answers = new Map(environments.map((environment) => [environment, new Map()]));
  }

  /** Follows the topics until the signal aborts; rejects when it can no longer. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all(
      [...this.answers].map(([environment, answers]) =>
        follow(
          this.log,
          { topic: topicName(environment, topics.incidents), partition: 0 },
          topics.incidents,
          {
            data: (event) => {
              const answer = answerIn(event);
              if (answer !== null) answers.set(answer.command, answer.outcome);
            },
            tick: () => undefined,
            progress: () => undefined,
          },
          signal,
        ),
      ),
    );
  }

  outcome(environment: string, command: string): CommandOutcomeView {
    return this.answers.get(environment)?.get(command) ?? { state: 'waiting' };
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

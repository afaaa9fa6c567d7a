import { useState } from 'preact/hooks';
import type { CommandOutcomeView } from '../../../src/commands/views';
import { send } from './read';
import { useRead } from './use-read';

/** A command that is sent, and what became of it. */
export interface SentCommand {
  /** @param body what is said, beside the command's id */
  send(path: string, body: Readonly<Record<string, unknown>>): void;
  readonly problem: string | null;
  readonly outcome: CommandOutcomeView | null;
  readonly sent: boolean;
}

export function useCommand(base: string, change: number): SentCommand {
  const [sent, setSent] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const outcome = useRead<CommandOutcomeView>(sent && `${base}/commands/${sent}`, change).value;
  return {
    send(path, body) {
      const id = newId();
      setProblem(null);
      send(path, { id, ...body }).then(
        () => setSent(id),
        (error: Error) => setProblem(error.message),
      );
    },
    problem,
    outcome,
    sent: sent !== null,
  };
}

/** `crypto.randomUUID` is there on a secure address only. */
const newId = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

import type { SentCommand } from '../data/use-command';

/** What became of a command: nothing once it is obeyed, as the timeline says so. */
export function CommandState({ problem, sent, outcome }: SentCommand) {
  return (
    <p role="status">
      {problem !== null && <span class="bad">{problem}</span>}
      {problem === null && sent && outcome?.state !== 'obeyed' && (
        <span class={outcome?.state === 'refused' ? 'bad' : 'quiet'}>
          {outcome?.state === 'refused' ? `Refused: ${outcome.reason}` : 'Sent; the responder has not answered yet.'}
        </span>
      )}
    </p>
  );
}

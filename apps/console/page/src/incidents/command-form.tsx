import { useState } from 'preact/hooks';
import type { CommandOutcomeView } from '../../../src/commands/views';
import type { IncidentSummaryView } from '../../../src/read-model/incident-views';
import { useMe } from '../data/me';
import { send } from '../data/read';
import { useRead } from '../data/use-read';

const actorKey = 'moola-actor';

interface CommandFormProps {
  readonly base: string;
  readonly path: string;
  readonly incident: IncidentSummaryView;
  readonly change: number;
  readonly decides: 'yes' | 'the replay has ended';
}

/** What a person may say to an open incident. The responder answers in the timeline. */
export function CommandForm({ base, path, incident, change, decides }: CommandFormProps) {
  const [actor, setActor] = useState(localStorage.getItem(actorKey) ?? '');
  const [reason, setReason] = useState('');
  const [sent, setSent] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const me = useMe();
  const outcome = useRead<CommandOutcomeView>(sent && `${base}/commands/${sent}`, change).value;
  if (decides !== 'yes')
    return <p class="quiet">The replay has ended: time stands still here, and nobody answers commands.</p>;
  if (me === null) return null;
  const may = me.may.includes('operator');
  const command = (event: SubmitEvent) => {
    event.preventDefault();
    const kind = (event.submitter as HTMLButtonElement).value;
    const id = newId();
    if (!me.authenticated) localStorage.setItem(actorKey, actor);
    setProblem(null);
    send(`${path}/commands`, {
      id,
      ...(!me.authenticated && { actor }),
      kind,
      reason,
      incidentNumber: incident.number,
    }).then(
      () => setSent(id),
      (error: Error) => setProblem(error.message),
    );
  };
  return (
    <form class="command" onSubmit={command}>
      {me.authenticated ? (
        <p class="quiet">
          {may
            ? `You are known as ${me.name}.`
            : `Your token (${me.name}) has the role ${me.role}: to acknowledge or resolve needs the role operator.`}
        </p>
      ) : (
        <label>
          Your name <small>required; nobody checks it here: it is marked as self-declared</small>
          <input required maxLength={100} value={actor} onInput={(e) => setActor(e.currentTarget.value)} />
        </label>
      )}
      <label>
        Reason <small>of a resolution, optional</small>
        <input maxLength={1000} disabled={!may} value={reason} onInput={(e) => setReason(e.currentTarget.value)} />
      </label>
      <div class="actions">
        {incident.state === 'open' && (
          <button class="primary" value="acknowledge" disabled={!may}>
            Acknowledge
          </button>
        )}
        <button value="resolve" disabled={!may}>
          Resolve
        </button>
      </div>
      <p role="status">
        {problem !== null && <span class="bad">{problem}</span>}
        {problem === null && sent !== null && outcome?.state !== 'obeyed' && (
          <span class={outcome?.state === 'refused' ? 'bad' : 'quiet'}>
            {outcome?.state === 'refused' ? `Refused: ${outcome.reason}` : 'Sent; the responder has not answered yet.'}
          </span>
        )}
      </p>
    </form>
  );
}

/** `crypto.randomUUID` is there on a secure address only. */
const newId = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

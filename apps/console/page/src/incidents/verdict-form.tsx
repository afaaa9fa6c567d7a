import { useState } from 'preact/hooks';
import type { IncidentSummaryView } from '../../../src/read-model/incident-views';
import { useMe } from '../data/me';
import { useCommand } from '../data/use-command';
import { ActorField, useActor } from '../parts/actor-field';
import { CommandState } from '../parts/command-state';

interface VerdictFormProps {
  readonly base: string;
  readonly path: string;
  readonly incident: IncidentSummaryView;
  readonly change: number;
}

const choices = [
  ['real', 'Real'],
  ['false', 'False alarm'],
  ['unclear', 'Unclear'],
] as const;

/** Whether the alert was right: for the figures of its rule. A later verdict replaces an earlier one. */
export function VerdictForm({ base, path, incident, change }: VerdictFormProps) {
  const [actor, setActor] = useActor();
  const [note, setNote] = useState('');
  const sent = useCommand(base, change);
  const me = useMe();
  if (me === null) return null;
  const may = me.may.includes('operator');
  const judge = (event: SubmitEvent) => {
    event.preventDefault();
    const verdict = (event.submitter as HTMLButtonElement).value;
    const by = me.authenticated ? {} : { actor };
    sent.send(`${path}/commands`, { ...by, kind: 'judge', verdict, note, incidentNumber: incident.number });
  };
  return (
    <form class="command verdict" onSubmit={judge} aria-label="Verdict">
      {!me.authenticated && <ActorField actor={actor} change={setActor} />}
      <label>
        Note <small>of the verdict, optional</small>
        <input maxLength={1000} disabled={!may} value={note} onInput={(e) => setNote(e.currentTarget.value)} />
      </label>
      <div class="actions">
        {choices.map(([value, text]) => (
          <button key={value} value={value} disabled={!may} aria-pressed={incident.verdict?.verdict === value}>
            {text}
          </button>
        ))}
      </div>
      {!may && (
        <p class="quiet">{`Your token (${me.name}) has the role ${me.role}: to judge needs the role operator.`}</p>
      )}
      <CommandState {...sent} />
    </form>
  );
}

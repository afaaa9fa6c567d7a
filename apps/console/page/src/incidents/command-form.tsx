import { useState } from 'preact/hooks';
import type { IncidentSummaryView } from '../../../src/read-model/incident-views';
import { useMe } from '../data/me';
import { useCommand } from '../data/use-command';
import { ActorField, useActor } from '../parts/actor-field';
import { CommandState } from '../parts/command-state';

interface CommandFormProps {
  readonly base: string;
  readonly path: string;
  readonly incident: IncidentSummaryView;
  readonly change: number;
  readonly decides: 'yes' | 'the replay has ended';
}

/** What a person may say to an open incident. The responder answers in the timeline. */
export function CommandForm({ base, path, incident, change, decides }: CommandFormProps) {
  const [actor, setActor] = useActor();
  const [reason, setReason] = useState('');
  const sent = useCommand(base, change);
  const me = useMe();
  if (decides !== 'yes')
    return <p class="quiet">The replay has ended: time stands still here, and nobody answers commands.</p>;
  if (me === null) return null;
  const may = me.may.includes('operator');
  const command = (event: SubmitEvent) => {
    event.preventDefault();
    const kind = (event.submitter as HTMLButtonElement).value;
    sent.send(`${path}/commands`, {
      ...(!me.authenticated && { actor }),
      kind,
      reason,
      incidentNumber: incident.number,
    });
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
        <ActorField actor={actor} change={setActor} />
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
      <CommandState {...sent} />
    </form>
  );
}

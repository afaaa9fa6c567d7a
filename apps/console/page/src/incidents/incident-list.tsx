import { useState } from 'preact/hooks';
import type { IncidentSummaryView } from '../../../src/read-model/incident-views';
import { byGravity } from '../words/decision';
import { dollars } from '../words/format';
import { Instant, Span } from '../words/instant';
import { IncidentPanel } from './incident-panel';
import { stateTone } from './tones';

/** So many are listed unless all are asked for. */
const shortList = 6;

interface IncidentListProps {
  readonly base: string;
  readonly incidents: readonly IncidentSummaryView[];
  readonly change: number;
  readonly clockMs: number | null;
  /** Whether somebody still answers commands. */
  readonly decides: 'yes' | 'the replay has ended';
}

/** All incidents, newest first; the chosen one, else the gravest, with its timeline. */
export function IncidentList({ base, incidents, change, clockMs, decides }: IncidentListProps) {
  const [chosen, choose] = useState<string | null>(null);
  const [shown, show] = useState<'newest' | 'all'>('newest');
  if (incidents.length === 0)
    return (
      <aside class="panel" aria-label="Incidents">
        <h2>Incidents</h2>
        <p class="quiet">None so far.</p>
      </aside>
    );
  const selected = incidents.find(({ id }) => id === chosen) ?? [...incidents].sort(byGravity)[0];
  const listed = incidents.filter((each, index) => shown === 'all' || index < shortList || each === selected);
  return (
    <aside class="panel" aria-label="Incidents">
      <h2>
        Incidents <small>{incidents.length}</small>
      </h2>
      <ul class="incidents">
        {listed.map((incident) => (
          <li key={incident.id}>
            <button aria-pressed={incident.id === selected?.id} onClick={() => choose(incident.id)}>
              <span class={`badge ${stateTone(incident)}`}>{incident.state}</span>
              <strong>{incident.rule}</strong>
              <small>
                {incident.severity}, <Instant atMs={incident.openedAtMs} />
                <Duration {...{ incident, clockMs }} />
                {incident.costUsd > 0 && `, cost ${dollars(incident.costUsd)}`}
              </small>
            </button>
          </li>
        ))}
      </ul>
      {listed.length < incidents.length && (
        <button class="link" onClick={() => show('all')}>
          Show all {incidents.length}
        </button>
      )}
      {selected && <IncidentPanel key={selected.id} {...{ base, incident: selected, change, clockMs, decides }} />}
    </aside>
  );
}

function Duration({ incident, clockMs }: { readonly incident: IncidentSummaryView; readonly clockMs: number | null }) {
  const { openedAtMs, resolvedAtMs } = incident;
  const endMs = resolvedAtMs ?? clockMs;
  if (endMs === null) return null;
  return (
    <>
      {resolvedAtMs === null ? ', for ' : ', took '}
      <Span fromMs={openedAtMs} toMs={endMs} />
    </>
  );
}

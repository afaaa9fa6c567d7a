import { useState } from 'preact/hooks';
import type { IncidentSummaryView } from '../../../src/read-model/incident-views';
import { dollars, instant, span } from '../words/format';
import { IncidentPanel } from './incident-panel';

const tones: Readonly<Record<string, string>> = { critical: 'bad', emergency: 'bad', warning: 'unsure' };

interface IncidentListProps {
  readonly base: string;
  readonly incidents: readonly IncidentSummaryView[] | null;
  readonly change: number;
  readonly clockMs: number | null;
}

/** All incidents, newest first; the chosen one, else the gravest open one, with its timeline. */
export function IncidentList({ base, incidents, change, clockMs }: IncidentListProps) {
  const [chosen, choose] = useState<string | null>(null);
  if (incidents === null) return null;
  if (incidents.length === 0)
    return (
      <aside class="panel">
        <h2>Incidents</h2>
        <p class="quiet">None so far.</p>
      </aside>
    );
  const gravest =
    incidents.find(({ state, severity }) => state !== 'resolved' && tones[severity] === 'bad') ??
    incidents.find(({ severity }) => tones[severity] === 'bad') ??
    incidents[0];
  const selected = incidents.find(({ id }) => id === chosen) ?? gravest;
  return (
    <aside class="panel">
      <h2>Incidents</h2>
      <ul class="incidents">
        {incidents.map((incident) => (
          <li key={incident.id}>
            <button aria-pressed={incident.id === selected?.id} onClick={() => choose(incident.id)}>
              <span class={`badge ${incident.state === 'resolved' ? 'good' : (tones[incident.severity] ?? 'none')}`}>
                {incident.state}
              </span>
              <strong>{incident.rule}</strong>
              <small>
                {incident.severity}, {instant(incident.openedAtMs)}
                {incident.resolvedAtMs === null
                  ? clockMs !== null && `, for ${span(clockMs - incident.openedAtMs)}`
                  : `, took ${span(incident.resolvedAtMs - incident.openedAtMs)}`}
                {incident.costUsd > 0 && `, cost ${dollars(incident.costUsd)}`}
              </small>
            </button>
          </li>
        ))}
      </ul>
      {selected && <IncidentPanel base={base} incident={selected} change={change} />}
    </aside>
  );
}

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
  /** Those of one model. */
  readonly incidents: readonly IncidentSummaryView[];
  /** The model, where there are others. */
  readonly of: string | null;
  /** How many there are of all models, and how to read older ones; `null`: there are none, or too many for a page. */
  readonly total: number;
  readonly more: (() => void) | null;
  /** The incident that the address names, and how to name another. */
  readonly named: string | null;
  readonly name: (id: string) => void;
  readonly change: number;
  readonly clockMs: number | null;
  /** Whether somebody still answers commands. */
  readonly decides: 'yes' | 'the replay has ended';
}

/** A model's incidents, newest first; the one that the address names, else the gravest, with its timeline. */
export function IncidentList(props: IncidentListProps) {
  const { base, incidents, of, named, name, change, clockMs, decides, total, more } = props;
  const [shown, show] = useState<'newest' | 'all'>('newest');
  if (incidents.length === 0)
    return (
      <aside class="panel" aria-label="Incidents">
        <h2>Incidents</h2>
        {more === null ? (
          <p class="quiet">{of === null ? 'None so far.' : `None of ${of} so far.`}</p>
        ) : (
          <Older of={total} more={more} />
        )}
      </aside>
    );
  const selected = incidents.find(({ id }) => id === named) ?? [...incidents].sort(byGravity)[0];
  const listed = incidents.filter((each, index) => shown === 'all' || index < shortList || each === selected);
  return (
    <aside class="panel" aria-label="Incidents">
      <h2>
        Incidents <small>{of === null ? incidents.length : `${incidents.length} of ${of}`}</small>
      </h2>
      <ul class="incidents">
        {listed.map((incident) => (
          <li key={incident.id}>
            <button aria-pressed={incident.id === selected?.id} onClick={() => name(incident.id)}>
              <span class={`badge ${stateTone(incident)}`}>{incident.state}</span>
              <strong>{incident.title}</strong>
              <small>
                {incident.rule}, {incident.severity}, since <Instant atMs={incident.breachAtMs} />
                <Duration {...{ incident, clockMs }} />
                {(incident.costUsd ?? 0) > 0 && `, cost ${dollars(incident.costUsd)}`}
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
      {more !== null && listed.length === incidents.length && <Older of={total} more={more} />}
      {selected && <IncidentPanel key={selected.id} {...{ base, incident: selected, change, clockMs, decides }} />}
    </aside>
  );
}

/** Incidents that the page has not read yet, of all models. */
function Older({ of, more }: { readonly of: number; readonly more: () => void }) {
  return (
    <button class="link" onClick={more}>
      Show older ones, of {of} in all
    </button>
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

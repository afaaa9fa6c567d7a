import { useState } from 'preact/hooks';
import type { IncidentSummaryView, IncidentView } from '../../../src/read-model/incident-views';
import { send } from '../data/read';
import { useRead } from '../data/live';
import { dollars, instant } from '../words/format';

const decisive = ['opened', 'decision', 'verified', 'rollbackFailed', 'servingChanged', 'resolved', 'deadlineMissed'];

interface IncidentPanelProps {
  readonly base: string;
  readonly incident: IncidentSummaryView;
  readonly change: number;
}

export function IncidentPanel({ base, incident, change }: IncidentPanelProps) {
  const path = `${base}/incidents/${encodeURIComponent(incident.id)}`;
  const { value } = useRead<IncidentView>(path, change);
  const [problem, setProblem] = useState<string | null>(null);
  const command = (kind: 'acknowledge' | 'resolve') => () => {
    const actor = localStorage.getItem('actor') ?? prompt('Your name, for the timeline') ?? '';
    if (actor === '') return;
    localStorage.setItem('actor', actor);
    setProblem(null);
    send(`${path}/commands`, { id: crypto.randomUUID(), actor, kind, incidentNumber: incident.number }).catch(
      (error: unknown) => setProblem((error as Error).message),
    );
  };
  return (
    <section>
      <h3>{incident.title}</h3>
      <p class="quiet">
        {incident.id}: {incident.severity}, tier {incident.tier}
        {incident.usdPerMinute > 0 && `, costs ${dollars(incident.usdPerMinute)} a minute`}
      </p>
      <p class="actions">
        {incident.state === 'open' && <button onClick={command('acknowledge')}>Acknowledge</button>}
        {incident.state !== 'resolved' && <button onClick={command('resolve')}>Resolve</button>}
        {incident.hasPostMortem && <a href={`/api/v1/${path}/post-mortem`}>Post-mortem</a>}
      </p>
      {problem && <p class="banner">{problem}</p>}
      <ol class="timeline">
        {(value?.timeline ?? []).map((entry) => (
          <li key={entry.number} class={decisive.includes(entry.kind) ? 'decisive' : ''}>
            <time>{instant(entry.atMs)}</time>
            <span>{entry.text}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

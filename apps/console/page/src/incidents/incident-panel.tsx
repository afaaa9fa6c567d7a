import type { IncidentSummaryView, IncidentView } from '../../../src/read-model/incident-views';
import { useRead } from '../data/use-read';
import { actorText } from '../words/actor';
import { decided, effect, why } from '../words/decision';
import { costText, dollars } from '../words/format';
import { Instant, Span } from '../words/instant';
import { CommandForm } from './command-form';
import { PostMortem } from './post-mortem';
import { Labels } from '../parts/labels';
import { Runbook } from './runbook';
import { Timeline } from './timeline';
import { about } from '../words/about';
import { VerdictForm } from './verdict-form';

const verdictText = { real: 'Real', false: 'False alarm', unclear: 'Unclear' } as const;

interface IncidentPanelProps {
  readonly base: string;
  readonly incident: IncidentSummaryView;
  readonly change: number;
  readonly clockMs: number | null;
  readonly decides: 'yes' | 'the replay has ended';
}

/** One incident: what, since when, at what cost, what was decided, what happened. */
export function IncidentPanel({ base, incident, change, clockMs, decides }: IncidentPanelProps) {
  const path = `${base}/incidents/${encodeURIComponent(incident.id)}`;
  const { value } = useRead<IncidentView>(path, change);
  const { breachAtMs, openedAtMs, resolvedAtMs, noDataSinceMs, decision, acknowledgedBy, acknowledgedByAuthenticated } =
    incident;
  const endMs = resolvedAtMs ?? clockMs;
  return (
    <section class="incident" aria-label={`Incident ${incident.id}`}>
      <h3>
        {incident.title}, since <Instant atMs={breachAtMs} />
      </h3>
      {incident.summary !== '' && <p>{incident.summary}</p>}
      {incident.description !== '' && <p class="quiet">{incident.description}</p>}
      <Labels labels={incident.labels} />
      <p class="quiet">
        {incident.id} on {about(incident)}, {incident.severity}, tier {incident.tier}
      </p>
      <dl class="facts">
        <dt>Since</dt>
        <dd>
          <Instant atMs={breachAtMs} />, opened after <Span fromMs={breachAtMs} toMs={openedAtMs} />
        </dd>
        {noDataSinceMs !== null && (
          <>
            <dt>No data</dt>
            <dd>
              since <Instant atMs={noDataSinceMs} />: whether it is still so is not known
            </dd>
          </>
        )}
        <dt>{resolvedAtMs === null ? 'Open for' : 'Resolved'}</dt>
        <dd>
          {resolvedAtMs !== null && (
            <>
              <Instant atMs={resolvedAtMs} />, after{' '}
            </>
          )}
          {endMs !== null && <Span fromMs={openedAtMs} toMs={endMs} />}
        </dd>
        <dt>Cost</dt>
        <dd>
          {costText(incident)}
          {incident.usdPerMinute > 0 && `, and ${dollars(incident.usdPerMinute)} a minute`}
        </dd>
        {decision && (
          <>
            <dt>Decided</dt>
            <dd>
              {decided(decision)}: {why(decision)}. {effect(decision)}
            </dd>
          </>
        )}
        {incident.runbook !== '' && (
          <>
            <dt>Runbook</dt>
            <dd>
              <Runbook runbook={incident.runbook} />
            </dd>
          </>
        )}
        {incident.verdict !== null && (
          <>
            <dt>Verdict</dt>
            <dd>
              {verdictText[incident.verdict.verdict]}, says{' '}
              {actorText(incident.verdict.by, incident.verdict.byAuthenticated)} at{' '}
              <Instant atMs={incident.verdict.atMs} />
              {incident.verdict.note !== '' && `: ${incident.verdict.note}`}
            </dd>
          </>
        )}
        {acknowledgedBy !== '' && (
          <>
            <dt>Acknowledged by</dt>
            <dd>{actorText(acknowledgedBy, acknowledgedByAuthenticated)}</dd>
          </>
        )}
      </dl>
      {decides === 'yes' && (
        <details class="judge">
          <summary>Was this alert right?</summary>
          <VerdictForm {...{ base, path, incident, change }} />
        </details>
      )}
      {incident.hasPostMortem && <PostMortem path={`${path}/post-mortem`} title={incident.id} />}
      {incident.state !== 'resolved' && <CommandForm {...{ base, path, incident, change, decides }} />}
      <Timeline entries={value?.timeline ?? null} />
    </section>
  );
}

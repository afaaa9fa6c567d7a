import type { AlertView } from '../../../src/read-model/views';
import { Labels } from './labels';
import { count } from '../words/format';
import { about, heldBack } from '../words/about';
import { Instant, Span } from '../words/instant';

const tones = { pending: 'unsure', resolved: 'good', inactive: 'none' } as const;

function tone({ state, severity }: AlertView): string {
  if (state !== 'firing') return tones[state];
  return severity === 'critical' || severity === 'emergency' ? 'bad' : 'unsure';
}

const order = ['firing', 'pending', 'resolved', 'inactive'];

interface AlertListProps {
  readonly alerts: readonly AlertView[];
  readonly clockMs: number | null;
}

export function AlertList({ alerts, clockMs }: AlertListProps) {
  const listed = alerts
    .filter(({ state }) => state !== 'inactive')
    .sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state) || b.changedAtMs - a.changedAtMs);
  const shown = listed.slice(0, 8);
  const firing = listed.slice(8).filter(({ state }) => state === 'firing').length;
  return (
    <section>
      <h3>Alerts</h3>
      {shown.length === 0 && <p class="quiet">No alert has fired.</p>}
      <ul class="alerts">
        {shown.map((alert) => (
          <li key={`${alert.rule}/${about(alert)}`}>
            <span class={`badge ${tone(alert)}`}>{alert.state}</span>
            <div>
              {alert.title} <small>{`${alert.rule}, ${alert.severity}, on ${about(alert)}`}</small>
              <small class="line">{alert.summary}</small>
              {alert.description !== '' && <small class="line">{alert.description}</small>}
              <Labels labels={alert.labels} />
              {(alert.role === 'shadow' || alert.role === 'canary') && (
                <small class="line">{`${alert.version} is a ${alert.role}: its alerts open no incident`}</small>
              )}
              {heldBack(alert) !== '' && <small class="line">{heldBack(alert)}</small>}
            </div>
            <div>
              {alert.figure && (
                <small class="line">
                  n = {count(alert.figure.samples)}, as of <Instant atMs={alert.changedAtMs} />
                </small>
              )}
              {alert.noDataSinceMs !== null && (
                <small class="line">
                  no data since <Instant atMs={alert.noDataSinceMs} />: this is its last figure
                </small>
              )}
            </div>
            <div>
              {alert.state === 'resolved' ? (
                <>
                  <Instant atMs={alert.changedAtMs} /> <small class="line">{alert.reason}</small>
                </>
              ) : (
                <>
                  since <Instant atMs={alert.sinceMs} />
                  {clockMs !== null && (
                    <small class="line">
                      for <Span fromMs={alert.sinceMs} toMs={clockMs} />
                    </small>
                  )}
                </>
              )}
            </div>
          </li>
        ))}
      </ul>
      {firing > 0 && <p class="quiet">{`${firing} more ${firing === 1 ? 'fires' : 'fire'}: by the API`}</p>}
    </section>
  );
}

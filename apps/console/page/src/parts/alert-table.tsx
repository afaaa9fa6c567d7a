import type { AlertView } from '../../../src/read-model/views';
import { count, instant, metricLabel, metricValue, span } from '../words/format';

const tones = { pending: 'unsure', resolved: 'good', inactive: 'none' } as const;

function tone({ state, severity }: AlertView): string {
  if (state !== 'firing') return tones[state];
  return severity === 'critical' || severity === 'emergency' ? 'bad' : 'unsure';
}

interface AlertTableProps {
  readonly alerts: readonly AlertView[];
  readonly clockMs: number | null;
}

export function AlertTable({ alerts, clockMs }: AlertTableProps) {
  const shown = alerts.filter(({ state }) => state !== 'inactive').slice(0, 8);
  return (
    <table>
      <caption>Alerts</caption>
      <tbody>
        {shown.length === 0 && (
          <tr>
            <td class="quiet">No alert has fired.</td>
          </tr>
        )}
        {shown.map((alert) => (
          <tr key={`${alert.rule}/${alert.version}`}>
            <td>
              <span class={`badge ${tone(alert)}`}>{alert.state}</span>
            </td>
            <th scope="row">
              {alert.rule} <small>{alert.severity}</small>
            </th>
            <td>{alert.version}</td>
            <td>
              {alert.figure &&
                `${metricLabel(alert.figure.metric)} ${metricValue(alert.figure.metric, alert.figure.value)} (n = ${count(alert.figure.samples)})`}
              <small>{alert.summary}</small>
            </td>
            <td title={`since ${instant(alert.sinceMs)}`}>
              {alert.state === 'firing' && clockMs !== null
                ? `for ${span(clockMs - alert.sinceMs)}`
                : instant(alert.changedAtMs)}
              {alert.state === 'resolved' && <small>{alert.reason}</small>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

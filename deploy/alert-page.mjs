// `node alert-page.mjs`: takes what Alertmanager posts to /alerts; prints a line for each alert, and shows the last ones at /, with
// how long ago the alert that always fires was posted to /heartbeat.
import { createServer } from 'node:http';

const port = Number(process.env.MOOLA_PORT ?? 8080);
const keep = 200;
const largest = 1 << 20;
/** Newest first. */
const seen = [];
const silentAfterMs = 5 * 60_000;
let heardAtMs = null;

const server = createServer((request, response) => {
  const answer = (status, body, type = 'text/plain; charset=utf-8') =>
    response.writeHead(status, { 'content-type': type, 'content-security-policy': "default-src 'none'" }).end(body);
  if (request.method === 'GET' && request.url === '/healthz') return answer(200, 'ok\n');
  if (request.method === 'GET' && request.url === '/') return answer(200, page(), 'text/html; charset=utf-8');
  if (request.method !== 'POST' || !['/alerts', '/heartbeat'].includes(request.url))
    return answer(404, 'POST /alerts, POST /heartbeat, GET /, GET /healthz\n');
  let body = '';
  request.setEncoding('utf8').on('data', (part) => {
    body += part;
    if (body.length > largest) request.destroy();
  });
  request.on('end', () => {
    const alerts = alertsOf(body);
    if (alerts === null) return answer(400, 'not what Alertmanager posts: an object with a list of alerts\n');
    if (request.url === '/heartbeat') heardAtMs = Date.now();
    else for (const alert of alerts) take(alert);
    answer(200, 'ok\n');
  });
});
server.listen(port, () => console.log(`alerts on Moola itself are shown at port ${server.address().port}`));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0));

function alertsOf(body) {
  try {
    const { alerts } = JSON.parse(body);
    return Array.isArray(alerts) && alerts.every((alert) => typeof alert === 'object' && alert !== null)
      ? alerts
      : null;
  } catch {
    return null;
  }
}

function take({ status, labels = {}, annotations = {}, startsAt }) {
  const severity = String(labels.severity ?? 'alert').toUpperCase();
  const summary = annotations.summary ?? annotations.description ?? '';
  const runbook = annotations.runbook_url ?? '';
  const line = `${severity} ${labels.alertname} ${status}: ${summary}${runbook === '' ? '' : ` (${runbook})`}`;
  console.log(line.replace(/[^\P{C}]/gu, ' '));
  seen.unshift({ severity, name: String(labels.alertname), status: String(status), summary, runbook, since: startsAt });
  seen.splice(keep);
}

function page() {
  const rows = seen.map(
    ({ severity, name, status, summary, runbook, since }) =>
      `<tr><td>${html(status)}</td><td>${html(severity)}</td><td>${html(name)}</td><td>${html(since)}</td>` +
      `<td>${html(summary)}</td><td>${/^https?:/.test(runbook) ? `<a href="${html(runbook)}">runbook</a>` : html(runbook)}</td></tr>`,
  );
  const none = '<p>No alert since this page was started.</p>';
  const head = '<tr><th>State</th><th>Severity</th><th>Alert</th><th>Since</th><th>What</th><th>What to do</th></tr>';
  return (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Alerts on Moola</title>' +
    '<meta http-equiv="refresh" content="10"><h1>Alerts on Moola itself</h1>' +
    `<p>${heartbeat()}</p>` +
    `${rows.length === 0 ? none : `<table>${head}${rows.join('')}</table>`}</html>`
  );
}

function heartbeat() {
  if (heardAtMs === null)
    return 'Prometheus and Alertmanager have not reported yet: within two minutes of their start they do.';
  const seconds = Math.round((Date.now() - heardAtMs) / 1000);
  const isSilent = Date.now() - heardAtMs > silentAfterMs;
  return isSilent
    ? `<strong>Prometheus or Alertmanager is silent since ${seconds} s: alerts may be missing here.</strong>`
    : `Prometheus and Alertmanager reported ${seconds} s ago.`;
}

function html(value) {
  return String(value ?? '').replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

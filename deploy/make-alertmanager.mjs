// `node make-alertmanager.mjs <template> <file>`: writes Alertmanager's settings: those of the template, with the ways to tell
// people that OPERATORS_… variables name added to its receiver "operators", and a heartbeat monitor to its receiver "heartbeat".
import { readFileSync, writeFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';

const [template, file, ...more] = process.argv.slice(2);
if (file === undefined || more.length > 0) {
  console.error('Usage: node make-alertmanager.mjs <template> <file>');
  process.exit(2);
}

const problems = [];
const settings = parse(readFileSync(template, 'utf8'));
const receiver = settings.receivers?.find(({ name }) => name === 'operators');
if (receiver === undefined) problems.push(`${template} has no receiver "operators"`);
const heartbeat = settings.receivers?.find(({ name }) => name === 'heartbeat');
const send_resolved = true;

const slack = address('OPERATORS_SLACK_URL', ['https:']);
if (slack) {
  const text = '{{ range .Alerts }}{{ .Annotations.summary }}\n{{ end }}';
  add('slack_configs', { api_url: slack.href, title: '{{ .Status | toUpper }} {{ .CommonLabels.alertname }}', text });
}
const routingKey = text('OPERATORS_PAGERDUTY_ROUTING_KEY');
if (routingKey) add('pagerduty_configs', { routing_key: routingKey });
const webhook = address('OPERATORS_WEBHOOK_URL', ['https:', 'http:']);
if (webhook) add('webhook_configs', { url: webhook.href });

const monitor = address('OPERATORS_HEARTBEAT_URL', ['https:', 'http:']);
if (monitor) heartbeat?.webhook_configs?.push({ url: monitor.href, send_resolved: false });

const mail = { to: text('OPERATORS_EMAIL_TO'), from: text('OPERATORS_EMAIL_FROM') };
const server = address('OPERATORS_EMAIL_SMTP_URL', ['smtp:', 'smtps:']);
if (mail.to || mail.from || server) {
  for (const [name, value] of [
    ['OPERATORS_EMAIL_TO', mail.to],
    ['OPERATORS_EMAIL_FROM', mail.from],
    ['OPERATORS_EMAIL_SMTP_URL', server],
  ])
    if (!value) problems.push(`${name} is missing: mail needs all three OPERATORS_EMAIL_…`);
  if (server) {
    const isTls = server.protocol === 'smtps:';
    const login = server.username === '' ? {} : { auth_username: decodeURIComponent(server.username) };
    const password = server.password === '' ? {} : { auth_password: decodeURIComponent(server.password) };
    add('email_configs', {
      ...mail,
      smarthost: `${server.hostname}:${server.port || (isTls ? 465 : 587)}`,
      ...login,
      ...password,
      // "?tls=off" sends in clear where a server knows no STARTTLS.
      require_tls: server.searchParams.get('tls') !== 'off',
    });
  }
}

if (problems.length > 0) {
  for (const problem of problems) console.error(problem);
  process.exit(1);
}
// Alertmanager, which reads it, runs as another user; the volume is its and ours alone.
writeFileSync(file, stringify(settings));
const ways = ['slack', 'pagerduty', 'email', 'webhook'].filter((way) => receiver[`${way}_configs`] !== undefined);
console.log(`alerts on Moola itself go by: ${ways.join(', ')}`);

function add(way, config) {
  if (receiver === undefined) return;
  receiver[way] = [...(receiver[way] ?? []), { ...config, send_resolved }];
}

function text(name) {
  return process.env[name]?.trim() ?? '';
}

function address(name, protocols) {
  const value = text(name);
  if (value === '') return null;
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url !== null && protocols.includes(url.protocol)) return url;
  // Not the value: it may be a secret.
  problems.push(`${name} must be an address that begins with ${protocols.map((each) => `${each}//`).join(' or ')}`);
  return null;
}

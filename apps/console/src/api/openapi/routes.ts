import { metricNames } from '@moola/metrics/catalogue';
import type { SchemaName } from './schemas.js';

/** What a route answers when it does what it was asked. */
export type DocumentedAnswer =
  | { readonly status: number; readonly one: SchemaName }
  | { readonly status: number; readonly many: SchemaName }
  | { readonly status: number; readonly media: string; readonly description: string };

export interface DocumentedRoute {
  readonly method: 'get' | 'post' | 'delete';
  /** With parameters as OpenAPI writes them: `/api/v1/environments/{environment}`. */
  readonly path: string;
  readonly summary: string;
  /** Query parameters and what they mean; all of them may be left out. */
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: SchemaName;
  readonly answer: DocumentedAnswer;
  /** Statuses with which it may refuse, beside 401. */
  readonly refusals: readonly number[];
}

const environment = '/api/v1/environments/{environment}';
const model = `${environment}/models/{model}`;
const incident = `${environment}/incidents/{incident}`;

/** Every route of the console's API. */
export const routes: readonly DocumentedRoute[] = [
  {
    ...{ method: 'get', path: '/api/v1/environments', refusals: [] },
    summary: 'The environments of this process: their clocks, and how much is wrong in each.',
    answer: { status: 200, many: 'Environment' },
  },
  {
    ...{ method: 'get', path: environment, refusals: [404] },
    summary: 'One environment.',
    answer: { status: 200, one: 'Environment' },
  },
  {
    ...{ method: 'get', path: `${environment}/calendar`, refusals: [404] },
    summary: 'What the steps of a replay are called: its times are those of the replay, these names those of its log.',
    answer: { status: 200, one: 'Calendar' },
  },
  {
    ...{ method: 'get', path: `${environment}/models`, refusals: [400, 404] },
    summary: 'Models, a page at a time; the header X-Total-Count says how many there are.',
    query: {
      limit: 'From 1 to 1000. Default: 100.',
      offset: 'How many to pass over. Default: 0.',
      order: 'name (the default), or need: open incidents first, then what is out of its budget.',
    },
    answer: { status: 200, many: 'Model' },
  },
  {
    ...{ method: 'get', path: model, refusals: [404] },
    summary: 'A model: budget, versions, alerts, comparisons, money.',
    answer: { status: 200, one: 'Model' },
  },
  {
    ...{ method: 'get', path: `${model}/history`, refusals: [400, 404] },
    summary: 'How a metric of a model went, version by version.',
    query: {
      metric: `One of ${metricNames.join(', ')}. Default: the first one of the model's task: accuracy, mae.`,
      by: 'window (default): windows as they stood at each time; prediction-time: closed buckets, late events in theirs.',
      window: 'Milliseconds, of `by=window`. Default: the window of the budget.',
    },
    answer: { status: 200, one: 'History' },
  },
  {
    ...{ method: 'get', path: `${environment}/history`, refusals: [404] },
    summary: 'What history holds: tables and their columns, how far it is, what is missing.',
    answer: { status: 200, one: 'HistoryOverview' },
  },
  {
    ...{ method: 'get', path: `${environment}/history/{table}`, refusals: [400, 404, 503] },
    summary:
      'Rows of a table of history by time. Every column that holds a name, a number or yes and no is a filter: model=Fraud; given several times, any of the values. docs/api.md has examples.',
    query: {
      from: 'Milliseconds since the epoch, or ISO 8601 with a zone. Default: a day before `to`.',
      to: 'Exclusive. Default: now, by the clock of the environment.',
      resolution:
        'Of rollups: length of the buckets, as 1m, 10m, 1h, 1d or milliseconds. Default: the shortest that is kept and gives at most 2000 points a series.',
      columns: 'Names with commas between them. Default: all.',
      order: 'oldest (the default) or newest first.',
      limit: 'From 1 to 10000. Default: 1000. Files hold all rows.',
      after: 'What the answer before gave as `next`.',
      format: 'json (the default), csv or parquet.',
    },
    answer: { status: 200, one: 'HistoryRows' },
  },
  {
    ...{ method: 'get', path: `${environment}/history/{table}/values/{column}`, refusals: [400, 404, 503] },
    summary: 'Which values a column has, such as the versions of a model; filters as of its rows.',
    answer: { status: 200, one: 'HistoryValues' },
  },
  {
    ...{ method: 'get', path: `${environment}/history-file`, refusals: [404, 503] },
    summary: 'A copy of all of history, a DuckDB file, for another instance.',
    answer: { status: 200, media: 'application/vnd.duckdb', description: 'The file.' },
  },
  {
    ...{ method: 'get', path: `${environment}/jobs`, refusals: [400, 404] },
    summary:
      'Training jobs, a page at a time: stalled and failed ones first, then the newest; the header X-Total-Count says how many there are.',
    query: {
      limit: 'From 1 to 1000. Default: 100.',
      offset: 'How many to pass over. Default: 0.',
      model: 'Only those of this model.',
      state: 'stalled, failed, running or finished. Default: all.',
    },
    answer: { status: 200, many: 'JobSummary' },
  },
  {
    ...{ method: 'get', path: `${model}/jobs/{job}`, refusals: [404] },
    summary: 'A training job with its loss and its memory.',
    answer: { status: 200, one: 'Job' },
  },
  {
    ...{ method: 'get', path: `${environment}/instances`, refusals: [400, 404] },
    summary:
      'Instances, a page at a time: silent ones first, then by name; the header X-Total-Count says how many there are.',
    query: {
      limit: 'From 1 to 1000. Default: 100.',
      offset: 'How many to pass over. Default: 0.',
      model: 'Only those of this model.',
    },
    answer: { status: 200, many: 'Instance' },
  },
  {
    ...{ method: 'get', path: `${environment}/infrastructure`, refusals: [400, 404] },
    summary: 'What Prometheus servers are asked for, by name of the definition, and how that goes.',
    query: { model: 'Only those of this model.' },
    answer: { status: 200, many: 'Infrastructure' },
  },
  {
    ...{ method: 'get', path: `${environment}/measurements`, refusals: [400, 404] },
    summary:
      'What the systems around the models measure, a page at a time, by model and name; the header X-Total-Count says how many there are.',
    query: {
      limit: 'From 1 to 1000. Default: 100.',
      offset: 'How many to pass over. Default: 0.',
      model: 'Only those of this model.',
      name: 'Only those of this name.',
    },
    answer: { status: 200, many: 'Measurement' },
  },
  {
    ...{ method: 'get', path: `${model}/breakdown`, refusals: [404] },
    summary: 'What the window of the budget is made of, version by version: segments, classes, scores, residuals.',
    answer: { status: 200, many: 'Breakdown' },
  },
  {
    ...{ method: 'get', path: `${environment}/incidents`, refusals: [400, 404] },
    summary:
      'Incidents, the newest first, a page at a time; the header X-Total-Count says how many there are, X-Next-Before what to give as `before` for the next page.',
    query: {
      limit: 'From 1 to 1000. Default: 100.',
      before: 'The last incident of the page before.',
      state: 'open (acknowledged ones among them), or resolved. Default: both.',
      model: 'Only those of this model.',
    },
    answer: { status: 200, many: 'IncidentSummary' },
  },
  {
    ...{ method: 'get', path: incident, refusals: [404] },
    summary: 'An incident with its timeline.',
    answer: { status: 200, one: 'Incident' },
  },
  {
    ...{ method: 'get', path: `${incident}/post-mortem`, refusals: [404] },
    summary: 'The post-mortem of a resolved incident.',
    answer: { status: 200, media: 'text/markdown', description: 'Markdown.' },
  },
  {
    ...{ method: 'post', path: `${incident}/commands`, body: 'Command', refusals: [400, 404] },
    summary:
      'A person’s word on an incident. The answer means that it is durable, not that it was obeyed: ask for its outcome.',
    answer: { status: 202, one: 'CommandAccepted' },
  },
  {
    ...{ method: 'post', path: `${environment}/missed-incidents`, body: 'MissedIncident', refusals: [400, 404] },
    summary: 'Reports that no alert fired although something was wrong. Ask for its outcome as of a command.',
    answer: { status: 202, one: 'CommandAccepted' },
  },
  {
    ...{ method: 'get', path: `${environment}/alert-quality`, refusals: [404] },
    summary: 'How good alerts are, by what people said of incidents: false positives and false negatives of each rule.',
    answer: { status: 200, one: 'AlertQuality' },
  },
  {
    ...{ method: 'get', path: `${environment}/commands/{command}`, refusals: [404] },
    summary: 'Whether a command was obeyed.',
    answer: { status: 200, one: 'CommandOutcome' },
  },
  {
    ...{ method: 'post', path: `${environment}/definitions`, body: 'Definitions', refusals: [400, 404] },
    summary:
      'Declares models, budgets, rules, routes: all that is sent, or none of it when something is wrong. They may name what was applied before.',
    answer: { status: 200, one: 'DefinitionsApplied' },
  },
  {
    ...{ method: 'get', path: `${environment}/definitions`, refusals: [404] },
    summary: 'What is in force, by kind and name.',
    answer: { status: 200, many: 'Definition' },
  },
  {
    ...{ method: 'get', path: `${environment}/definitions/{kind}/{name}`, refusals: [404] },
    summary: 'A definition in force.',
    answer: { status: 200, one: 'Definition' },
  },
  {
    ...{ method: 'delete', path: `${environment}/definitions/{kind}/{name}`, refusals: [404] },
    summary: 'Deletes a definition; with a model the rules, value, playbook and infrastructure that name it.',
    answer: { status: 200, one: 'DefinitionsDeleted' },
  },
  {
    ...{ method: 'get', path: `${environment}/dead-letters`, refusals: [400, 404] },
    summary: 'What could not be taken in, the newest first.',
    query: { limit: 'From 1 to 1000. Default: 50.', before: 'The last id of the page before.' },
    answer: { status: 200, one: 'DeadLetterPage' },
  },
  {
    ...{ method: 'get', path: `${environment}/dead-letters/{id}`, refusals: [404, 409, 410] },
    summary: 'A dead letter, opened.',
    answer: { status: 200, one: 'OpenedDeadLetter' },
  },
  {
    ...{ method: 'post', path: `${environment}/dead-letters/{id}/retry`, refusals: [404, 409, 410] },
    summary: 'Takes the original bytes in again.',
    answer: { status: 200, one: 'Retried' },
  },
  {
    ...{ method: 'get', path: '/api/v1/changes', refusals: [503] },
    summary:
      'Server-sent events: `change` names what to read again, `environment` carries an environment; one each five seconds at least.',
    answer: { status: 200, media: 'text/event-stream', description: 'Events until the client leaves.' },
  },
  {
    ...{ method: 'get', path: '/metrics/models', refusals: [] },
    summary: "The models' figures, budgets, alerts and money, for Prometheus: docs/metrics.md.",
    answer: {
      status: 200,
      media: 'text/plain',
      description: 'The Prometheus text format; OpenMetrics for who prefers it.',
    },
  },
  {
    ...{ method: 'get', path: '/api/v1/me', refusals: [] },
    summary: 'Who the token is, and what it may do.',
    answer: { status: 200, one: 'Me' },
  },
  {
    ...{ method: 'get', path: '/api/v1/tokens', refusals: [409] },
    summary: 'API tokens, also those that are revoked or have expired, the newest first. Never their texts.',
    answer: { status: 200, many: 'Token' },
  },
  {
    ...{ method: 'post', path: '/api/v1/tokens', body: 'NewToken', refusals: [400, 409] },
    summary: 'Makes an API token. Its text is in this answer, and nowhere else.',
    answer: { status: 201, one: 'CreatedToken' },
  },
  {
    ...{ method: 'delete', path: '/api/v1/tokens/{token}', refusals: [404, 409] },
    summary: 'Revokes an API token, for good. It counts in every process within seconds.',
    answer: { status: 200, one: 'Token' },
  },
  {
    ...{ method: 'get', path: '/api/v1/openapi.json', refusals: [] },
    summary: 'This description.',
    answer: { status: 200, media: 'application/json', description: 'An OpenAPI 3.1 document.' },
  },
];

import { z } from 'zod';
import {
  commandAccepted,
  commandBody,
  commandOutcomeView,
  definitionsApplied,
  definitionsBody,
  definitionsDeleted,
  definitionView,
  missedBody,
} from '../../commands/views.js';
import { deadLetterPageView, openedDeadLetterView, retryView } from '../../dead-letters/views.js';
import { createdTokenView, meView, newTokenBody, tokenView } from '../../tokens/views.js';
import { breakdownView } from '../../read-model/breakdown-views.js';
import { historyOverview, historyRowsView, historyValuesView } from '../../history/api/views.js';
import { alertQualityView } from '../../read-model/alert-quality-views.js';
import { calendarView, environmentView } from '../../read-model/environment-views.js';
import { incidentSummaryView, incidentView } from '../../read-model/incident-views.js';
import {
  infrastructureView,
  instanceView,
  jobSummaryView,
  jobView,
  measurementView,
} from '../../read-model/subject-views.js';
import { historyView, modelView } from '../../read-model/views.js';

/** A refusal, as every route words it. */
const refusal = z.strictObject({
  statusCode: z.number(),
  error: z.string().optional(),
  message: z.unknown().describe('Words for a person; a list of them, or of problems, where several things are wrong.'),
});

/** Everything that the API takes or answers, by the name under which the description has it. */
export const schemas = {
  Environment: environmentView,
  Calendar: calendarView,
  Model: modelView,
  History: historyView,
  HistoryOverview: historyOverview,
  HistoryRows: historyRowsView,
  HistoryValues: historyValuesView,
  JobSummary: jobSummaryView,
  Job: jobView,
  Instance: instanceView,
  Infrastructure: infrastructureView,
  Measurement: measurementView,
  Breakdown: breakdownView,
  IncidentSummary: incidentSummaryView,
  Incident: incidentView,
  AlertQuality: alertQualityView,
  MissedIncident: missedBody,
  Command: commandBody,
  CommandAccepted: commandAccepted,
  CommandOutcome: commandOutcomeView,
  Definitions: definitionsBody,
  DefinitionsApplied: definitionsApplied,
  Definition: definitionView,
  DefinitionsDeleted: definitionsDeleted,
  DeadLetterPage: deadLetterPageView,
  OpenedDeadLetter: openedDeadLetterView,
  Retried: retryView,
  Me: meView,
  NewToken: newTokenBody,
  Token: tokenView,
  CreatedToken: createdTokenView,
  Refusal: refusal,
} as const;

export type SchemaName = keyof typeof schemas;

const place = (id: string) => `#/components/schemas/${id}`;

/** The schemas as JSON Schema, for an OpenAPI document. */
export function componentSchemas(): Record<string, unknown> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(schemas)) registry.add(schema, { id });
  const described = z.toJSONSchema(registry, { uri: place, io: 'input' }).schemas;
  return Object.fromEntries(
    Object.entries(described).map(([id, { $schema: _schema, $id: _id, ...schema }]) => [id, schema]),
  );
}

export const reference = (name: SchemaName): { readonly $ref: string } => ({ $ref: place(name) });

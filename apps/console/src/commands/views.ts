import { z } from 'zod';
import { definitionKinds } from '@moola/contracts/definitions/in-force';
import { verdictNames } from '@moola/wording/verdict';
import type { ViewOf } from '../read-model/view.js';

/* What a person may write, and what the API answers to it. */

export const commandBody = z.strictObject({
  id: z.string().min(8).max(100).describe('Made by the client: the same id sent twice is one command.'),
  actor: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe(
      'Who says so, for the timeline: only where no authentication is configured, and then needed. Otherwise it is who the token says.',
    ),
  kind: z.enum(['acknowledge', 'resolve', 'judge']),
  incidentNumber: z.int().nonnegative().describe("The incident's newest event that the author saw."),
  reason: z.string().max(1000).default('').describe('Of a resolution.'),
  verdict: z
    .enum(verdictNames)
    .optional()
    .describe('Of `judge`: whether the alert was right. A later one replaces it.'),
  note: z.string().max(1000).default('').describe('Of `judge`: why.'),
});
export type CommandBody = z.infer<typeof commandBody>;

export const missedBody = z.strictObject({
  id: z.string().min(8).max(100).describe('Made by the client: the same id sent twice is one report.'),
  actor: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe('Who says so: only where no authentication is configured, and then needed.'),
  model: z.string().min(1),
  from: z.string().describe('When something was wrong: 2026-01-31T12:00:00Z.'),
  to: z.string().describe('Its end, exclusive.'),
  rule: z.string().default('').describe('Which rule should have fired; empty: any.'),
  note: z.string().max(1000).default(''),
});

export const commandAccepted = z.strictObject({
  accepted: z.literal(true),
  id: z.string(),
  actor: z.string().describe('Who stands in the timeline.'),
  authenticated: z.boolean().describe('false: the actor is what the sender wrote.'),
});
/** The command is durable; the responder answers with an event of the incident. */
export type CommandAccepted = ViewOf<typeof commandAccepted>;

export const commandOutcomeView = z.union([
  z.strictObject({ state: z.literal('waiting') }),
  z.strictObject({
    state: z.enum(['obeyed', 'refused']),
    incident: z.string(),
    number: z.number().describe("The incident's event that answers it."),
    atMs: z.number(),
    reason: z
      .string()
      .describe('Why it was refused; when it was obeyed, what else is to be known: empty most of the time.'),
  }),
]);
/** What became of a command: the responder's answer stands in the incident's timeline. */
export type CommandOutcomeView = ViewOf<typeof commandOutcomeView>;

const definitionsFile = z.strictObject({
  file: z.string().describe('Its name, for what is wrong with it.'),
  yaml: z.string().describe('YAML documents, each with its kind.'),
});

const author = z
  .string()
  .min(1)
  .max(100)
  .optional()
  .describe('Who applies them: only where no authentication is configured. Otherwise it is who the token says.');

export const definitionsBody = z.union([
  definitionsFile.extend({ actor: author }),
  z.strictObject({
    files: z.array(definitionsFile).min(1).describe('Taken together: one may name what another declares.'),
    actor: author,
  }),
]);

export const definitionView = z.strictObject({
  kind: z.enum(definitionKinds),
  name: z.string(),
  version: z.number().describe('Counts up with everything that is applied or deleted.'),
  author: z.string().describe('Who applied it; empty where nobody said.'),
  authorAuthenticated: z.boolean().describe('false: it is a name that the sender wrote.'),
  yaml: z.string().describe('The whole of it, every field stated: `apply` takes it.'),
});
/** A definition in force. */
export type DefinitionView = ViewOf<typeof definitionView>;

export const definitionsDeleted = z.strictObject({
  deleted: z.array(z.string()).describe('With a model go the rules, value, playbook and infrastructure that name it.'),
  kept: z
    .array(z.string())
    .describe('Routes that name a deleted model: people hear through them that its incidents are over.'),
});
export type DefinitionsDeleted = ViewOf<typeof definitionsDeleted>;

export const definitionsApplied = z.strictObject({
  applied: z.array(z.string()),
  unchanged: z.array(z.string()).describe('In force as they are already: nothing was written for them.'),
});
export type DefinitionsApplied = ViewOf<typeof definitionsApplied>;

import { Liquid, type Template } from 'liquidjs';
import { nearest } from './nearest.js';

/** What a template of a rule may name, and what it is. The docs list it. */
export const templateVariables = {
  model: 'The model.',
  version: 'The version on which the alert is.',
  role: 'Its role: primary, shadow or canary.',
  subject: 'The model and what of it: `churn v7`, `churn job pretrain-7`, `churn instance pod-1`.',
  segment: 'Of a rule on a segment, or on segments by pattern: which, such as `country=DE`; nothing for other rules.',
  rule: 'The name of the rule.',
  severity: 'info, warning, critical or emergency: of the level that the alert is at.',
  metric: 'What the figure is called, such as `Accuracy`.',
  figure: 'The figure with its unit, such as `62.8 %`; `unknown` without one.',
  limit: 'The limit of the level, with its unit.',
  finding: 'Both in a sentence: `Accuracy 62.8 %, limit 85 %`.',
  value: 'The figure as a number, in the unit of the metric; nothing without one.',
  limitValue: 'The limit as a number.',
  baseline: 'With its unit what the figure was when the version was known good; nothing for rules on no baseline.',
  samples: 'How many samples the figure rests on, as a number.',
  window: 'Over which it is read, such as `30 min`.',
  since: 'When the condition first held, in UTC.',
  labels: 'The labels of the rule: `{{ labels.team }}`.',
} as const;

export type TemplateVariable = keyof typeof templateVariables;

/** The values of a template's variables. */
export type TemplateFacts = Readonly<
  Record<TemplateVariable, string | number | null | Readonly<Record<string, string>>>
>;

const tags = ['if', 'unless', 'case', 'comment'];

/** None makes text longer than what it is given. */
const filters = [
  ...['abs', 'at_least', 'at_most', 'ceil', 'divided_by', 'floor', 'minus', 'modulo', 'plus', 'round', 'times'],
  ...['capitalize', 'default', 'downcase', 'lstrip', 'rstrip', 'strip', 'truncate', 'truncatewords', 'upcase'],
];

/** What a message may take of one: rendered, the rest is cut off. */
export const mostRenderedCharacters = 2000;

const engine = limitedEngine();

/**
 * No files, no loops and no assignments, so that a template of bounded length takes a bounded time; `memoryLimit` holds ranges
 * such as `(1..1000000)`. The limits of time that the library has would make what is rendered depend on the machine.
 */
function limitedEngine(): Liquid {
  const limited = new Liquid({
    ...{ strictFilters: true, strictVariables: true, ownPropertyOnly: true },
    ...{ templates: {}, memoryLimit: 100_000 },
  });
  for (const name of Object.keys(limited.tags)) if (!tags.includes(name)) Reflect.deleteProperty(limited.tags, name);
  for (const name of Object.keys(limited.filters)) {
    if (!filters.includes(name)) Reflect.deleteProperty(limited.filters, name);
  }
  return limited;
}

/** What is wrong with a template, and where in it; `null`: nothing. @param labels those of its rule */
export function templateProblem(text: string, labels: readonly string[]): string | null {
  if (!isTemplate(text)) return null;
  try {
    const { globals } = engine.analyzeSync(engine.parse(text), { partials: false });
    for (const variable of Object.values(globals).flat()) {
      const detail = variableProblem(variable.segments, labels);
      if (detail !== null) return `${detail} (${place(variable.location.row, variable.location.col)})`;
    }
    return null;
  } catch (error) {
    return problemOf(error);
  }
}

/** The text with its variables filled in. One that cannot be rendered stays as it stands. */
export function renderTemplate(text: string, facts: () => TemplateFacts): string {
  if (!isTemplate(text)) return text;
  try {
    const rendered = String(engine.renderSync(parsed(text), facts()));
    return rendered.length > mostRenderedCharacters ? `${rendered.slice(0, mostRenderedCharacters - 1)}…` : rendered;
  } catch {
    return text;
  }
}

function isTemplate(text: string): boolean {
  return text.includes('{{') || text.includes('{%');
}

const cache = new Map<string, Template[]>();

function parsed(text: string): Template[] {
  const known = cache.get(text);
  if (known !== undefined) return known;
  // Of rules that are long gone too.
  if (cache.size > 1000) cache.clear();
  const template = engine.parse(text);
  cache.set(text, template);
  return template;
}

function variableProblem(segments: readonly unknown[], labels: readonly string[]): string | null {
  const [name, label] = segments;
  const names = Object.keys(templateVariables);
  if (typeof name !== 'string' || !names.includes(name)) return `${said(name)} is no variable${hint(name, names)}`;
  if (name !== 'labels') return segments.length === 1 ? null : `${name} has no parts`;
  if (segments.length !== 2 || typeof label !== 'string') return 'labels is named with one of them, as in labels.team';
  return labels.includes(label) ? null : `the rule has no label ${said(label)}${hint(label, labels)}`;
}

function said(name: unknown): string {
  return typeof name === 'string' ? `"${name}"` : 'an expression in brackets';
}

function hint(name: unknown, names: readonly string[]): string {
  const meant = typeof name === 'string' ? nearest(name, names) : null;
  if (meant !== null) return ` (did you mean ${meant}?)`;
  return names.length === 0 ? '' : ` (known are ${names.join(', ')})`;
}

function place(row: number, column: number): string {
  return `line ${row}, column ${column} of the text`;
}

/** `tag "for" not found, line:1, col:4`, as the library says it. */
function problemOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const at = /, line:(\d+), col:(\d+)$/.exec(message);
  const what = at === null ? message : message.slice(0, at.index);
  const tag = /^tag "(\w+)" not found$/.exec(what);
  const filter = /^undefined filter: (\w+)$/.exec(what);
  const detail =
    tag !== null
      ? `"${tag[1]}" is no tag here: known are ${tags.join(', ')}`
      : filter !== null
        ? `"${filter[1]}" is no filter here${hint(filter[1], filters)}`
        : what;
  return at === null ? detail : `${detail} (${place(Number(at[1]), Number(at[2]))})`;
}

import type { z } from 'zod';
import { fieldsOf, type Field } from './fields-of.js';
import type { FieldText } from './fields.js';
import { kinds } from './kinds.js';
import { metrics, subjectMetrics } from '@moola/metrics/catalogue';
import { hasBounds } from '@moola/metrics/metric';

const introduction = `# Definitions

<!-- Generated from libs/contracts/src/definitions by \`node tools/docs/definitions.mjs\`. Do not edit. -->

What you declare: YAML documents, several in a file, each with its \`kind\` and \`name\`. \`moola check FILE\` reports
every problem in a file, \`moola apply FILE\` sends it; it may refer to what was applied before. A later definition of
the same kind and name replaces the earlier one; one that is in force as it stands is not written again. \`moola definitions list\`, \`show KIND NAME\` and \`delete KIND NAME\` show
and change what is in force; with a model its rules, value, playbook and infrastructure are deleted. Durations are written \`250ms\`, \`30s\`, \`5m\`, \`24h\`, \`1d\`. An example:
[examples/index-volatility/definitions.yaml](../examples/index-volatility/definitions.yaml).
`;

/** The reference of all definitions, as Markdown. */
export function definitionsReference(): string {
  const sections = kinds.map(({ name, doc, schema }) => `## ${name}\n\n${doc}\n\n${table(rows(schema, ''))}`);
  const metricRows = metrics.map((metric) => [
    `\`${metric.name}\``,
    metric.meaning,
    metric.unit,
    hasBounds(metric) ? 'yes' : 'no',
  ]);
  const metricTable = markdownTable(['Metric', 'Meaning', 'Unit', 'Has an interval'], metricRows);
  const subjectRows = subjectMetrics.map((metric) => [
    `\`${metric.name}\``,
    metric.meaning + (metric.ofWindow ? ', over the window' : ''),
    metric.unit,
  ]);
  const subjectTable = markdownTable(['Metric', 'Meaning', 'Unit'], subjectRows);
  const subjectText =
    'A rule can also name a metric of training jobs, of instances or of measurements. It watches each job, instance or measurement ' +
    'of its models by itself; of a budget, `measurements` limits them. Metrics that are read over the window need one, of at most ' +
    '24 hours (jobs, measurements) or 15 minutes (instances).';
  const windows =
    'Windows are multiples of the bucket of their model, and at most 17,280 buckets long.\n\n' +
    'How every figure is computed: [semantics.md](semantics.md).';
  return `${[introduction, ...sections].join('\n')}\n## Metrics\n\n${metricTable}\n\n${windows}\n\n### Of training jobs, instances and measurements\n\n${subjectText}\n\n${subjectTable}\n`;
}

function rows(schema: z.core.$ZodType, prefix: string): string[][] {
  return fieldsOf(schema).flatMap((field) => {
    const meta = (field.schema as z.ZodType).meta() as (FieldText & { readonly type: string }) | undefined;
    const path = prefix + field.name;
    const isList = (field.schema._zod as z.core.$ZodTypes['_zod']).def.type === 'array';
    const type = (meta?.type ?? '') + (meta?.unit === undefined ? '' : `, in ${meta.unit}`);
    const fallback = field.fallback ?? meta?.fallback;
    const own = [`\`${path}\``, type, fallbackText({ ...field, fallback }), meta?.doc ?? ''];
    return [own, ...rows(field.schema, isList ? `${path}[].` : `${path}.`)];
  });
}

function fallbackText({ required, fallback }: Field): string {
  if (required) return 'required';
  if (fallback === undefined) return '–';
  if (typeof fallback === 'string' && fallback.includes('`')) return fallback;
  if (Array.isArray(fallback) && fallback.length > 0) return fallback.map(flow).join('<br>');
  if (typeof fallback === 'object' && fallback !== null && !Array.isArray(fallback)) return 'see its fields';
  return flow(fallback);
}

/** A default as YAML writes it on one line. */
function flow(value: unknown): string {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return `\`{ ${Object.entries(value)
      .map(([key, each]) => `${key}: ${String(each)}`)
      .join(', ')} }\``;
  }
  if (Array.isArray(value)) return '`[]`';
  return value === '' ? "`''`" : `\`${String(value)}\``;
}

function table(cells: readonly (readonly string[])[]): string {
  return `${markdownTable(['Field', 'Type', 'Default', 'Meaning'], cells)}\n`;
}

/** Aligned, as Prettier writes it. */
function markdownTable(head: readonly string[], body: readonly (readonly string[])[]): string {
  const cells = [head, ...body].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = head.map((_, column) => Math.max(3, ...cells.map((row) => (row[column] as string).length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, i) => cell.padEnd(widths[i] as number)).join(' | ')} |`;
  const [first, ...rest] = cells.map(line);
  return [first, line(widths.map((width) => '-'.repeat(width))), ...rest].join('\n');
}

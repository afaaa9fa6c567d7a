import { defaultValues, valuesSchema, type ValuesSchema } from './chart.js';

/** A value, what may stand there, and what stands there by default. */
export interface DocumentedValue {
  /** `kafka.sasl.mechanism` */
  readonly path: string;
  readonly type: string;
  readonly fallback: string;
  readonly text: string;
}

/** `docs/helm-values.md`: every value of the chart. */
export function valuesPage(): string {
  return `# Values of the Helm chart

<!-- Generated from helm/moola-monitoring/values.schema.json and values.yaml by \`node tools/docs/helm.mjs\`. Do not edit. -->

How to install: [helm/README.md](../helm/README.md). Values files for three sizes, and for OpenShift, lie in \`helm/moola-monitoring/values/\`. A value
that is not here is refused. What a service reads beside these stands under \`settings\`: [settings.md](settings.md).

${valuesTable()}
`;
}

/** Every value of the chart, as a table. */
export function valuesTable(): string {
  const rows = documentedValues().map(
    ({ path, type, fallback, text }) => `| \`${path}\` | ${type} | ${fallback} | ${text} |`,
  );
  return ['| Value | Type | Default | Meaning |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

/** Every value that the schema knows, in its order. What is under \`defaults\` is not said again for each service. */
export function documentedValues(): DocumentedValue[] {
  const schema = valuesSchema();
  return below(schema, schema, defaultValues(), '');
}

function below(root: ValuesSchema, schema: ValuesSchema, value: unknown, path: string): DocumentedValue[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, given]) => {
    const its = { path: path === '' ? name : `${path}.${name}`, value: (value as Record<string, unknown>)?.[name] };
    const property = resolved(root, given);
    if (given.allOf === undefined && property.properties !== undefined)
      return below(root, property, its.value, its.path);
    return [
      {
        path: its.path,
        type: typeOf(property),
        fallback: its.value === undefined ? '–' : `\`${JSON.stringify(its.value).replaceAll('|', '\\|')}\``,
        text: [given.description ?? property.description ?? '', bounds(property)]
          .filter((part) => part !== '')
          .join(' '),
      },
    ];
  });
}

function resolved(root: ValuesSchema, schema: ValuesSchema): ValuesSchema {
  const reference = schema.$ref ?? schema.allOf?.[0]?.$ref;
  const name = reference?.split('/').at(-1);
  return name === undefined ? schema : (root.definitions?.[name] ?? schema);
}

function typeOf({ type, enum: words, items }: ValuesSchema): string {
  if (words !== undefined) return words.map((word) => `\`${JSON.stringify(word)}\``).join(', ');
  if (type === 'array') return items?.type === undefined ? 'array' : `array of ${[items.type].flat().join(' or ')}`;
  return [type ?? 'any'].flat().join(' or ');
}

function bounds({ minimum, maximum }: ValuesSchema): string {
  if (minimum === undefined && maximum === undefined) return '';
  if (maximum === undefined) return `At least ${minimum}.`;
  return minimum === undefined ? `At most ${maximum}.` : `From ${minimum} to ${maximum}.`;
}

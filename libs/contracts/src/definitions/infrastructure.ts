import type { z } from 'zod';
import type { InfrastructureDefinition } from '../gen/moola/v1/definitions_pb.js';
import type { numberLimits } from '../telemetry-numbers.js';
import { duration, labelNamePattern, modelPattern, oneOf, section, text } from './fields.js';
import { presetNames, presets } from './infrastructure-presets.js';
import type { MessageInit } from './message-init.js';

/** What a query may give: a figure of a sample, as JSON names it. */
export type SampleField = keyof typeof numberLimits.infrastructureSample;

/** More often a server is not asked, in milliseconds. */
export const shortestIntervalMs = 5_000;
/** After two minutes without a sample an instance is silent, so no more than a half of that. */
export const longestIntervalMs = 60_000;

const promql = { what: 'a PromQL query of at most 4000 characters', pattern: /^(?=[^]*\S)[^]{1,4000}$/ };
const matchers = {
  what: 'label matchers such as namespace="ml",pod=~"churn-.*", of at most 1000 characters',
  pattern: /^[A-Za-z_]\w*\s*(?:=|!=|=~|!~)\s*["'`][^{}\n]{0,900}$/,
};

const query = (doc: string, unit: string) => text({ doc, unit }, promql).optional();

const queries = section({
  cpuRatio: query('CPU that it uses, of what it may use.', '0 to 1'),
  memoryBytes: query('Memory that it uses.', 'bytes'),
  memoryLimitBytes: query('Memory that it may use.', 'bytes'),
  memoryRatio: query('Memory that it uses, of what it may use, where bytes are not known.', '0 to 1'),
  gpuRatio: query('How busy its GPUs are.', '0 to 1'),
  gpuMemoryRatio: query('How full the memory of its GPUs is.', '0 to 1'),
  diskRatio: query('How full its fullest disk is.', '0 to 1'),
  networkBytesPerSecond: query('Bytes that it sends and receives.', 'bytes a second'),
});

/** `kind: Infrastructure`. */
export const infrastructureSchema = section({
  name: text({ doc: 'Its name.' }),
  model: text({ doc: 'The model whose instances they are.' }, modelPattern),
  server: text({
    doc: 'The Prometheus server that is asked. Names settings of the collector: `MOOLA_PROMETHEUS_<NAME>_URL`.',
  }),
  interval: duration(
    { doc: 'How often it is asked, 5 seconds to 1 minute. An instance is silent after 2 minutes without a sample.' },
    { positive: true },
  )
    .refine((ms) => ms >= shortestIntervalMs && ms <= longestIntervalMs, {
      error: 'is not from 5s to 1m: a server is not asked more often, and an instance is silent after 2 minutes',
    })
    .prefault('30s'),
  preset: oneOf(
    { doc: 'Queries for exporters that many have; those under `queries` replace or add to them.' },
    presetNames,
  ).optional(),
  selector: text(
    {
      doc: 'Label matchers of the queries of the preset, as PromQL writes them: which machines or pods are the model’s.',
    },
    matchers,
  ).optional(),
  instanceLabel: text(
    {
      doc: 'The label whose value is the name of the instance: of every series that a query answers.',
      fallback: '`instance`; of preset `kubernetes` `pod`, of `dcgm` `Hostname`',
    },
    labelNamePattern,
  ).optional(),
  queries: queries.prefault({}),
})
  .refine(({ preset, queries: own }) => preset !== undefined || Object.values(own).some((each) => each !== undefined), {
    path: ['queries'],
    error: `holds no query: write at least one, or name a preset (${presetNames.join(', ')})`,
  })
  .refine(({ preset, selector }) => preset !== undefined || selector === undefined, {
    path: ['selector'],
    error: 'has no effect without a preset: write the matchers into the queries',
  });

export type InfrastructureDocument = z.output<typeof infrastructureSchema>;

export function infrastructureDefinition(document: InfrastructureDocument): MessageInit<InfrastructureDefinition> {
  const preset = document.preset === undefined ? undefined : presets[document.preset];
  const instanceLabel = document.instanceLabel ?? preset?.instanceLabel ?? 'instance';
  const selector = document.selector === undefined ? '' : `${document.selector},`;
  const all = { ...preset?.queries(selector, instanceLabel), ...document.queries };
  const written = Object.entries(all).flatMap(([field, text]) => (text === undefined ? [] : [[field, text.trim()]]));
  return {
    model: document.model,
    server: document.server,
    intervalMs: document.interval,
    instanceLabel,
    queries: Object.fromEntries(written) as Record<string, string>,
  };
}

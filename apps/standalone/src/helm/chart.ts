import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** Where the repository lies. */
export const repository = fileURLToPath(new URL('../../../../', import.meta.url));

/** The chart. */
export const chartFolder = join(repository, 'helm/moola-monitoring');

/** A values file for an installation of some size, or for OpenShift. */
export const valuesFile = (name: 'small' | 'production' | 'ha' | 'openshift'): string =>
  join(chartFolder, `values/${name}.yaml`);

/** A service as `files/services.yaml` describes it. */
export interface ChartService {
  readonly name: string;
  readonly scaledBy: 'lag' | 'cpu' | 'none';
  readonly consumes: readonly { readonly processor: string; readonly topic: string }[];
  readonly paths: readonly { readonly path: string; readonly pathType: string }[];
  readonly reaches: readonly string[];
}

/** A secret as `files/secrets.yaml` describes it. */
export interface ChartSecret {
  readonly key: string;
  readonly variable: string;
  readonly services?: readonly string[];
  /** A service may have one of its own. */
  readonly own?: 'kafka';
}

const yamlOf = (path: string): unknown => parse(readFileSync(join(chartFolder, path), 'utf8'));

export const chartServices = (): readonly ChartService[] => yamlOf('files/services.yaml') as ChartService[];
export const chartSecrets = (): readonly ChartSecret[] => yamlOf('files/secrets.yaml') as ChartSecret[];

/** What may be said in values: the parts of JSON Schema that values.schema.json uses. */
export interface ValuesSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, ValuesSchema>>;
  readonly additionalProperties?: boolean | ValuesSchema;
  readonly items?: ValuesSchema;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly allOf?: readonly ValuesSchema[];
  readonly $ref?: string;
  readonly definitions?: Readonly<Record<string, ValuesSchema>>;
}

export const valuesSchema = (): ValuesSchema =>
  JSON.parse(readFileSync(join(chartFolder, 'values.schema.json'), 'utf8')) as ValuesSchema;

export const defaultValues = (): Readonly<Record<string, unknown>> =>
  yamlOf('values.yaml') as Readonly<Record<string, unknown>>;

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { notifierSettings } from '@moola/notifier/notifier-settings';
import { distributedSettings } from '@moola/platform/service/distributed-settings';
import { secretsFolderVariable } from '@moola/platform/settings/secrets-folder';
import { processSettings } from '@moola/platform/settings/process-settings';
import { serviceNames } from '@moola/testbed/fleet';
import { chartFolder, chartSecrets, chartServices, defaultValues, valuesSchema, type ValuesSchema } from './chart.js';
import { documentedValues } from './values-page.js';

const settings = Object.values({ ...distributedSettings, ...processSettings, ...notifierSettings }) as readonly {
  readonly variable: string;
  readonly secret?: true;
}[];
const schema = valuesSchema();

/** Every mapping of the schema that names its values. */
function closed(part: ValuesSchema, path: string): [string, ValuesSchema][] {
  const here: [string, ValuesSchema][] = part.properties === undefined ? [] : [[path, part]];
  const inside = Object.entries({ ...part.properties, ...part.definitions });
  return [...here, ...inside.flatMap(([name, each]) => closed(each, `${path}/${name}`))];
}

describe('values.schema.json', () => {
  it('refuses unknown values everywhere, and knows what a parent chart may say', () => {
    for (const [path, part] of closed(schema, '')) expect([path, part.additionalProperties]).toEqual([path, false]);
    expect(Object.keys(schema.properties ?? {})).toEqual(expect.arrayContaining(['global', 'enabled']));
  });

  it('describes every value', () => {
    for (const { path, text } of documentedValues()) expect([path, text]).not.toEqual([path, '']);
  });

  it('has a default for every value, and every default is described', () => {
    const defaults = leaves(defaultValues(), '');
    const documented = documentedValues().map(({ path }) => path);
    for (const path of documented.filter((each) => !optional.test(each))) {
      expect([path, defaults.some((each) => isIn(each, path))]).toEqual([path, true]);
    }
    for (const path of defaults) {
      expect([path, documented.some((each) => isIn(path, each) || isIn(each, path))]).toEqual([path, true]);
    }
  });

  it('has a value for every setting of a service: one of its own, or under settings', () => {
    const source = readFileSync(join(chartFolder, 'templates/_settings.tpl'), 'utf8');
    const computed = new Set([...source.matchAll(/"((?:MOOLA|OTEL)_[A-Z_]+|REDIS_URL)"/g)].map(([, name]) => name));
    const secrets = new Set(chartSecrets().map(({ variable }) => variable));
    const free = new Set(
      Object.keys(schema.definitions?.['settings']?.properties ?? {}).filter((name) => name !== 'NODE_OPTIONS'),
    );
    const known = [...settings.map(({ variable }) => variable), secretsFolderVariable].sort();
    expect([...computed, ...secrets, ...free].sort()).toEqual(known);
    for (const { variable, secret } of settings) {
      if (secret) expect([variable, secrets.has(variable)]).toEqual([variable, true]);
    }
  });

  it('has a secret for every file that the chart can make', () => {
    const create = schema.properties?.['secrets']?.properties?.['create']?.properties ?? {};
    expect(Object.keys(create)).toEqual(chartSecrets().map(({ key }) => key));
  });

  it('knows every service', () => {
    expect(chartServices().map(({ name }) => name)).toEqual(serviceNames);
    expect(Object.keys(schema.properties?.['services']?.properties ?? {})).toEqual(serviceNames);
  });
});

/** Whether a value is another one, or within it. */
const isIn = (path: string, other: string): boolean => path === other || path.startsWith(`${other}.`);

/** Values that say nothing unless they are given. */
const optional = /^secrets\.create\./;

function leaves(value: unknown, path: string): string[] {
  const inside = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
  if (inside.length === 0) return [path];
  return inside.flatMap(([name, each]) => leaves(each, path === '' ? name : `${path}.${name}`));
}

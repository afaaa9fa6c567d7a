import { processSettings, type ProcessSettings } from '../settings/process-settings.js';
import { readSettingsFile, settingsFileVariable, type SettingsFileResult } from '../settings/settings-file.js';
import { secretsFolderVariable, withSecretsFolder } from '../settings/secrets-folder.js';
import { readSettings, type Settings, type SettingsSpec } from '../settings/settings.js';
import { listenRefusal } from '../auth/listen-policy.js';
import { distributedProblems, distributedSettings, type DistributedSettings } from './distributed-settings.js';
import type { Service, Variables } from './service.js';

export type ServiceSettings<S extends SettingsSpec> = Settings<S> & ProcessSettings & DistributedSettings;

export type ServiceSettingsResult<S extends SettingsSpec> =
  | { readonly ok: true; readonly settings: ServiceSettings<S>; readonly variables: Variables }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Every setting of a service, in the order in which a person looks for them. */
export function serviceSettings<S extends SettingsSpec>(own: S) {
  return { ...distributedSettings, ...processSettings, ...own };
}

/**
 * Reads a service's settings: the environment's, and where it is silent those of the file that `MOOLA_SETTINGS_FILE` names and of the
 * folder that `MOOLA_SECRETS_FOLDER` names.
 * Every problem is reported at once.
 */
export function readServiceSettings<S extends SettingsSpec>(
  service: Pick<Service<S>, 'settings' | 'problems' | 'otherVariables'>,
  environment: Variables,
  readFile: (path: string) => string,
): ServiceSettingsResult<S> {
  const spec = serviceSettings(service.settings);
  const known = new Set([...Object.values(spec).map(({ variable }) => variable), secretsFolderVariable]);
  const isKnown = (name: string): boolean => known.has(name) || service.otherVariables?.test(name) === true;
  const fromFile = readFileVariables(isKnown, environment[settingsFileVariable], readFile);
  if (!fromFile.ok) return fromFile;
  const folder = withSecretsFolder({ ...fromFile.variables, ...environment });
  if (!folder.ok) return folder;
  const { variables } = folder;
  const read = readSettings(spec, variables, readFile);
  if (!read.ok) return read;
  const settings = read.settings as unknown as ServiceSettings<S>;
  const refusal = listenRefusal(settings.host, settings.token);
  const problems = [
    ...distributedProblems(settings),
    ...(settings.installationKey === undefined
      ? ['MOOLA_INSTALLATION_KEY: every process needs the same one: 32 bytes as base64 (openssl rand -base64 32)']
      : []),
    ...(service.problems?.(settings, variables) ?? []),
    ...(refusal === null ? [] : [refusal]),
  ];
  return problems.length > 0 ? { ok: false, problems } : { ok: true, settings, variables };
}

function readFileVariables(
  isKnown: (name: string) => boolean,
  path: string | undefined,
  readFile: (path: string) => string,
): SettingsFileResult {
  if (path === undefined) return { ok: true, variables: {} };
  try {
    return readSettingsFile(readFile(path), path, isKnown);
  } catch (error) {
    return { ok: false, problems: [`${settingsFileVariable}: cannot read ${path}: ${(error as Error).message}`] };
  }
}

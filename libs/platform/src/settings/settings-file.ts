import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

export type SettingsFileResult =
  | { readonly ok: true; readonly variables: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Variable that names the file. */
export const settingsFileVariable = 'MOOLA_SETTINGS_FILE';

/**
 * Reads the variables of a settings file: YAML, one mapping from variable to value, the same names as in the environment.
 * @param isKnown whether some setting reads a variable; another name is a problem, since it would be ignored in silence.
 */
export function readSettingsFile(
  text: string,
  where: string,
  isKnown: (variable: string) => boolean,
): SettingsFileResult {
  let read: unknown;
  try {
    read = parse(text);
  } catch (error) {
    return { ok: false, problems: [`${where}: is no YAML: ${(error as Error).message}`] };
  }
  if (read === null) return { ok: true, variables: {} };
  if (typeof read !== 'object' || Array.isArray(read)) {
    return { ok: false, problems: [`${where}: must be a mapping such as "MOOLA_PORT: 8080"`] };
  }
  const problems: string[] = [];
  const variables: Record<string, string> = {};
  for (const [name, value] of Object.entries(read)) {
    if (!isKnown(name) && !isKnown(name.replace(/_FILE$/, '')))
      problems.push(`${where}: ${name} is no setting of this process`);
    else if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      variables[name] = String(value);
    else problems.push(`${where}: ${name} must be a text or a number`);
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, variables };
}

/** Reads a file that a setting names. */
export const readSettingFile = (path: string): string => readFileSync(path, 'utf8');

import { readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Variable that names the folder; or several, with `:` between them. */
export const secretsFolderVariable = 'MOOLA_SECRETS_FOLDER';

export type SecretsFolderResult =
  | { readonly ok: true; readonly variables: Readonly<Record<string, string | undefined>> }
  | { readonly ok: false; readonly problems: readonly string[] };

/**
 * The variables of a process, and with them the files of the folder that `MOOLA_SECRETS_FOLDER` names, as a mounted Secret is one:
 * each is named after a variable and holds its value, as if `<NAME>_FILE` named it. What the environment says wins. Files of
 * other names, such as the links that Kubernetes puts beside them, are left alone.
 */
export function withSecretsFolder(environment: Readonly<Record<string, string | undefined>>): SecretsFolderResult {
  const folders = (environment[secretsFolderVariable] ?? '').split(delimiter).filter((folder) => folder !== '');
  const files: Record<string, string> = {};
  const problems: string[] = [];
  for (const folder of folders) {
    try {
      const names = readdirSync(folder).filter((name) => /^[A-Z][A-Z0-9_]*$/.test(name));
      for (const name of names) if (environment[name] === undefined) files[`${name}_FILE`] ??= join(folder, name);
    } catch (error) {
      problems.push(`${secretsFolderVariable}: cannot read ${folder}: ${(error as Error).message}`);
    }
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, variables: { ...files, ...environment } };
}

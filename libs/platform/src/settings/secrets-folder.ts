import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Variable that names the folder. */
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
  const folder = environment[secretsFolderVariable];
  if (folder === undefined || folder === '') return { ok: true, variables: environment };
  try {
    const names = readdirSync(folder).filter((name) => /^[A-Z][A-Z0-9_]*$/.test(name));
    const files = names
      .filter((name) => environment[name] === undefined)
      .map((name) => [`${name}_FILE`, join(folder, name)] as const);
    return { ok: true, variables: { ...Object.fromEntries(files), ...environment } };
  } catch (error) {
    return { ok: false, problems: [`${secretsFolderVariable}: cannot read ${folder}: ${(error as Error).message}`] };
  }
}

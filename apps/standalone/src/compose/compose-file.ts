import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** Where docker-compose.yml lies, and what its relative paths start from. */
export const repository = fileURLToPath(new URL('../../../../', import.meta.url));

export interface ComposeService {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, unknown>>;
  readonly healthcheck?: { readonly test: readonly string[] };
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

/** docker-compose.yml as Compose reads it: anchors merged, `${NAME:-default}` replaced by the default. */
export function readComposeFile(): ComposeFile {
  const text = readFileSync(join(repository, 'docker-compose.yml'), 'utf8');
  return parse(
    text.replace(/\$\{\w+:-([^}]*)\}/g, (_, value: string) => JSON.stringify(value)),
    { merge: true },
  ) as ComposeFile;
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** Where docker-compose.yml lies, and what its relative paths start from. */
export const repository = fileURLToPath(new URL('../../../../', import.meta.url));

export interface ComposeService {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly user?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, unknown>>;
  readonly restart?: string;
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly privileged?: boolean;
  readonly mem_limit?: string;
  readonly pids_limit?: number;
  readonly logging?: { readonly driver: string; readonly options: Readonly<Record<string, string>> };
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

/** docker-compose.yml as Compose reads it: anchors merged, `${NAME:-default}` replaced by the default, `$$` by `$`. */
export function readComposeFile(): ComposeFile {
  const text = readFileSync(join(repository, 'docker-compose.yml'), 'utf8');
  return parse(
    text.replace(/\$\{\w+:-([^}]*)\}/g, (_, value: string) => JSON.stringify(value)).replaceAll('$$', () => '$'),
    { merge: true },
  ) as ComposeFile;
}

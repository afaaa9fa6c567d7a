import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../../compose/compose-file.js';

/** What a local deployment is: written by the process that holds it. */
export interface LocalState {
  /** Of the process that holds it. */
  readonly pid: number;
  readonly environments: readonly string[];
  /** As the services have them; those that name Kafka and Redis among them. */
  readonly variables: Readonly<Record<string, string>>;
  readonly services: readonly { readonly service: string; readonly pid: number; readonly address: string }[];
}

/** What it is to be. */
export interface LocalWish {
  readonly environments: readonly string[];
  readonly port: number;
}

/** Where a local deployment keeps its state, its report and its log. Tests name another one. */
export function localFolder(environment: Readonly<Record<string, string | undefined>>): string {
  return environment['MOOLA_LOCAL_DEPLOYMENT'] ?? join(repository, 'data/deployment/local');
}

export class LocalFiles {
  readonly log: string;

  constructor(readonly folder: string) {
    this.log = join(folder, 'deployment.log');
  }

  /** The state of a deployment whose process runs, or null. */
  state(): LocalState | null {
    const state = this.read<LocalState>('state.json');
    return state !== null && isRunning(state.pid) ? state : null;
  }

  wish(): LocalWish | null {
    return this.read<LocalWish>('wish.json');
  }

  writeState(state: LocalState): void {
    this.write('state.json', state);
  }

  writeWish(wish: LocalWish): void {
    this.write('wish.json', wish);
  }

  remove(): void {
    for (const name of ['state.json', 'wish.json']) rmSync(join(this.folder, name), { force: true });
  }

  private read<T>(name: string): T | null {
    try {
      return JSON.parse(readFileSync(join(this.folder, name), 'utf8')) as T;
    } catch {
      return null;
    }
  }

  /** Whole or not at all. The state holds secrets. */
  private write(name: string, value: unknown): void {
    mkdirSync(this.folder, { recursive: true });
    const path = join(this.folder, name);
    writeFileSync(`${path}.new`, JSON.stringify(value, null, 2), { mode: 0o600 });
    renameSync(`${path}.new`, path);
  }
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

import type { Role } from './role.js';

/** Who asks, as far as this process has made sure of it. */
export interface Subject {
  /** How it is known; `none`: no authentication is configured, and everybody may do everything. */
  readonly by: 'none' | 'configured token' | 'api token';
  /** The actor of commands. Empty when `by` is `none`. */
  readonly name: string;
  readonly role: Role;
  /** Environments that it may see and change; `null`: all of them. */
  readonly environments: readonly string[] | null;
  /** `null`: never. */
  readonly expiresAtMs: number | null;
}

/** Whoever asks where no authentication is configured. */
export const anybody: Subject = { by: 'none', name: '', role: 'admin', environments: null, expiresAtMs: null };

/** Whether a subject may see and change an environment. */
export function mayEnter(subject: Subject, environment: string): boolean {
  return subject.environments === null || subject.environments.includes(environment);
}

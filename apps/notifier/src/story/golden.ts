import { readFileSync } from 'node:fs';

/** A committed example of what goes over the wire. */
export function golden(name: string): string {
  return readFileSync(new URL(`../../golden/${name}`, import.meta.url), 'utf8');
}

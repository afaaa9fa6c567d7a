import { createHash } from 'node:crypto';

/** With "~", 16 more and ".md", far below the 255 bytes that file systems take. */
const LONGEST = 160;
/** Means the same to every file system: no other case, no other way to write a letter, nothing kept for the system. */
const PLAIN = /^[a-z0-9][a-z0-9._~-]*$/;

/**
 * The name of the file that holds an incident's post-mortem: `<incident>.md`, readable, and another one for every other
 * incident, also where case does not count. An id that not every file system takes as it is (capitals among them) is
 * followed by a hash: what cannot stand in a name is "_", and the first 16 hexadecimal digits of its SHA-256 tell it apart.
 */
export function postMortemFile(incident: string): string {
  if (PLAIN.test(incident) && incident.length <= LONGEST) return `${incident}.md`;
  const readable = incident
    .replace(/[^A-Za-z0-9._~-]/g, '_')
    .replace(/^[.~-]/, '_')
    .slice(0, LONGEST);
  return `${readable}~${createHash('sha256').update(incident).digest('hex').slice(0, 16)}.md`;
}

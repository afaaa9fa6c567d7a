import { dollars } from '@moola/wording/money';
import type { Shell } from '../shell/shell.js';

/** `2008-07-02 14:03`, in UTC. */
export const instant = (timeMs: number): string => new Date(timeMs).toISOString().slice(0, 16).replace('T', ' ');

/** What an incident cost: unknown where nobody declared what an answer is worth, not priced without a gate. */
export const cost = ({ gate, costUsd }: { readonly gate: boolean; readonly costUsd: number | null }): string =>
  !gate ? '–' : costUsd === null ? 'unknown' : dollars(costUsd);

/** `1.5 MB`. */
export function bytes(count: number): string {
  if (count < 1000) return `${count} B`;
  if (count < 1_000_000) return `${(count / 1000).toFixed(1)} kB`;
  return `${(count / 1_000_000).toFixed(1)} MB`;
}

/** `1 alert`, `2 alerts`. */
export const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

/** A word as a shell takes it: in quotes where it would read more into it. */
export function shellWord(word: string): string {
  const isPlain = /^[A-Za-z0-9_.,:/@%+-][A-Za-z0-9_.,:/@%+~-]*$/.test(word);
  return isPlain ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** One line of at most so many characters. */
export function shortened(text: string, most: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= most ? line : `${line.slice(0, most - 1)}…`;
}

export function severity(shell: Shell, name: string, text: string): string {
  switch (name) {
    case 'emergency':
      return shell.style(['bold', 'red'], text);
    case 'critical':
      return shell.style('red', text);
    case 'warning':
      return shell.style('yellow', text);
    default:
      return text;
  }
}

import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';

/** Roles as people write them. */
export const roleWords = ['primary', 'shadow', 'canary'] as const;

/** The values of the enum, for `known`. */
export const roles = Role as unknown as Readonly<Record<string, string | number>>;

const prefix = 'ROLE_';
const names = Object.keys(Role).filter((key) => Number.isNaN(Number(key)));

/** The proto3 mapping's name of a role that is written as such, or as a word: `primary` for `ROLE_PRIMARY`. */
export function roleOfText(text: string): string | null {
  const upper = text.toUpperCase();
  const name = upper.startsWith(prefix) ? upper.slice(prefix.length) : upper;
  return names.includes(name) ? prefix + name : null;
}

import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { LocalTime } from '@moola/contracts/instants/read-instant';
import { readTableFile, readTime, type Complain } from './table-file.js';

/** What a release pipeline did: a version (or a new build of it) took a role at a time. */
export interface Release {
  readonly timeMs: number;
  readonly version: string;
  readonly build: string;
  /** `UNSPECIFIED`: a new build in the role that the version has. */
  readonly role: Role;
  readonly by: string;
}

export type ReleasesReading =
  | { readonly ok: true; readonly releases: readonly Release[] }
  | { readonly ok: false; readonly problems: readonly string[] };

const header = ['time', 'version', 'build', 'role', 'by'];
const roles: ReadonlyMap<string, Role> = new Map([
  ['', Role.UNSPECIFIED],
  ['primary', Role.PRIMARY],
  ['shadow', Role.SHADOW],
]);

/**
 * Reads a releases file: CSV with the columns time, version, build, role, by. One row that cannot be read spoils it: which
 * version served would be a guess.
 * @param clocks whose clocks times without a zone mean; `null`: such times are refused
 */
export function readReleases(path: string, clocks: LocalTime | null): ReleasesReading {
  const table = readTableFile(path, [header.join()], (cells, _, __, complain) => readRelease(cells, clocks, complain));
  if (!table.ok) return table;
  return { ok: true, releases: [...table.rows].sort((a, b) => a.timeMs - b.timeMs) };
}

function readRelease(cells: readonly string[], clocks: LocalTime | null, complain: Complain): Release {
  if (cells.length !== header.length) complain(`has ${cells.length} cells, the header ${header.length}`);
  const [time = '', version = '', build = '', role = '', by = ''] = cells;
  const timeMs = readTime('time', time, clocks, complain);
  if (timeMs < 0) complain(`time: "${time}" is before 1970, where replays begin`);
  if (version === '') complain('version: is empty');
  if (!roles.has(role)) complain(`role: "${role}" is none of primary, shadow or empty (new build)`);
  return { timeMs, version, build, role: roles.get(role) ?? Role.UNSPECIFIED, by };
}

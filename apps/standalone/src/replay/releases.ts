import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { instantAdvice } from '@moola/contracts/instants/instant-advice';
import { instantMs, readInstant, type LocalTime } from '@moola/contracts/instants/read-instant';
import { zoneHint } from './csv-row.js';
import { readCsvRows } from './csv-rows.js';
import { readTextFile } from './text-file.js';

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
  const file = readTextFile(path);
  if (!file.ok) return { ok: false, problems: [file.problem] };
  const problems: string[] = [];
  const releases: Release[] = [];
  let found: readonly string[] | null = null;
  readCsvRows(file.text, {
    unclear: (_, line) => problems.push(`${path}:${line}: has a quote that can be read in two ways`),
    row: (cells, line) => {
      const complain = (text: string) => problems.push(`${path}:${line}: ${text}`);
      if (found === null) {
        found = cells;
        if (cells.join() !== header.join()) complain(`the header is "${cells.join()}", expected "${header.join()}"`);
      } else if (found.join() === header.join()) releases.push(readRelease(cells, clocks, complain));
    },
  });
  if (found === null && problems.length === 0) problems.push(`${path}:1: the file is empty`);
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, releases: releases.sort((a, b) => a.timeMs - b.timeMs) };
}

function readRelease(cells: readonly string[], clocks: LocalTime | null, complain: (text: string) => void): Release {
  if (cells.length !== header.length) complain(`has ${cells.length} cells, the header ${header.length}`);
  const [time = '', version = '', build = '', role = '', by = ''] = cells;
  const reading = readInstant(time, clocks);
  const timeMs = reading.ok ? instantMs(reading.instant) : NaN;
  if (!reading.ok) complain(`time: "${time}" ${instantAdvice[reading.fault]}${zoneHint(reading.fault)}`);
  else if (timeMs < 0) complain(`time: "${time}" is before 1970, where replays begin`);
  if (version === '') complain('version: is empty');
  if (!roles.has(role)) complain(`role: "${role}" is none of primary, shadow or empty (new build)`);
  return { timeMs, version, build, role: roles.get(role) ?? Role.UNSPECIFIED, by };
}

import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';

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
const roles: Readonly<Record<string, Role>> = { '': Role.UNSPECIFIED, primary: Role.PRIMARY, shadow: Role.SHADOW };

/** Reads a releases file: CSV with the columns time, version, build, role, by. */
export function readReleases(path: string): ReleasesReading {
  const rows = parse(readFileSync(path, 'utf8'), { skip_empty_lines: true, relax_column_count: true });
  const problems: string[] = [];
  if (rows[0]?.join() !== header.join())
    return {
      ok: false,
      problems: [`${path}:1: the header is "${rows[0]?.join() ?? ''}", expected "${header.join()}"`],
    };
  const releases = rows.slice(1).map(([time = '', version = '', build = '', role = '', by = ''], index): Release => {
    const at = `${path}:${index + 2}`;
    const timeMs = Date.parse(time);
    if (Number.isNaN(timeMs)) problems.push(`${at}: time: "${time}" is no time (try 2026-01-31T12:00:00Z)`);
    if (version === '') problems.push(`${at}: version: is empty`);
    if (roles[role] === undefined)
      problems.push(`${at}: role: "${role}" is none of primary, shadow or empty (new build)`);
    return { timeMs, version, build, role: roles[role] ?? Role.UNSPECIFIED, by };
  });
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, releases: releases.sort((a, b) => a.timeMs - b.timeMs) };
}

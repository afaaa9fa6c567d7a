import { z } from 'zod';
import type { RuleDefinition, RuleMatch } from '../gen/moola/v1/definitions_pb.js';
import type { SubjectName } from '@moola/metrics/subject-metric';
import { fits, mostPatterns, namesPattern } from './glob.js';
import { nearest } from './nearest.js';
import { flag, section, shown, type FieldText } from './fields.js';
import { segmentMatch, segmentMatchYaml, segmentPatterns } from './segment-match.js';

/** In which a version answers. */
export const matchedRoles = ['primary', 'canary', 'shadow'] as const;

export type MatchedRole = (typeof matchedRoles)[number];

/** One text, or a list of them. */
function patterns(about: FieldText, allowed: readonly string[] | null) {
  const what = allowed === null ? 'a pattern of a name, or a list of them' : `one or several of ${allowed.join(', ')}`;
  return z
    .unknown()
    .transform((input, context): readonly string[] => {
      const list: readonly unknown[] = Array.isArray(input) ? input : [input];
      const wrong = list.find((each) => typeof each !== 'string' || !isAllowed(each, allowed));
      if (list.length > 0 && list.length <= mostPatterns && wrong === undefined) return list as readonly string[];
      const meant = allowed !== null && typeof wrong === 'string' ? nearest(wrong, allowed) : null;
      const hint = meant === null ? '' : ` (did you mean ${meant}?)`;
      const message =
        list.length > mostPatterns
          ? `has ${list.length} patterns: at most ${mostPatterns}`
          : `${shown(wrong ?? input)} is not ${what}${hint}`;
      context.issues.push({ code: 'custom', message, input });
      return z.NEVER;
    })
    .meta({ ...about, type: what });
}

function isAllowed(text: string, allowed: readonly string[] | null): boolean {
  return allowed === null ? namesPattern.test(text) : allowed.includes(text);
}

/** `match` of a rule. */
export const matchField = section(
  {
    model: patterns({ doc: 'Which models: `fraud-*`, `!=fraud-test`, `[a, b]`; instead of `model`.' }, null).optional(),
    version: patterns({ doc: 'Which versions, written like models.' }, null).optional(),
    role: patterns(
      {
        doc: 'In which role a version is judged; `primary` is the one that serves. Alerts on a canary or a shadow are shown, and open no incident.',
        fallback: 'primary',
      },
      matchedRoles,
    ).optional(),
    measurement: patterns(
      { doc: 'Which measurements, written like models: of a rule on a metric of measurements.' },
      null,
    ).optional(),
    segment: segmentPatterns,
    otherSegments: flag({
      doc: 'With `segment`: also what counts all values of the label together that are not told apart.',
    }).default(false),
  },
  {
    doc: 'What it watches: all that are given must fit. `*` stands for any characters, `?` for one, `=` before a name takes it as it stands, `!=` leaves out what fits. Of a list one must fit, and none of those with `!=`.',
  },
).optional();

export type MatchDocument = z.output<typeof matchField>;

/** @param mostAlerts of a rule on segments by pattern; `undefined`: it does not say */
export function ruleMatch(match: MatchDocument, mostAlerts: number | undefined) {
  if (match === undefined) return {};
  const { model = [], version = [], role = [], measurement = [], segment, otherSegments } = match;
  const of = segment && { segment: segmentMatch(segment, otherSegments, mostAlerts) };
  return { match: { model: [...model], version: [...version], role: [...role], measurement: [...measurement], ...of } };
}

/** As a file writes it. */
export function matchYaml({ model, version, role, measurement, segment }: RuleMatch): Record<string, unknown> {
  const written = Object.entries({ model, version, role, measurement }).filter(([, list]) => list.length > 0);
  return {
    ...Object.fromEntries(written.map(([name, list]) => [name, list.length === 1 ? list[0] : list])),
    ...(segment && segmentMatchYaml(segment)),
  };
}

/** Whether a rule watches a model. */
export function watchesModel({ model, match }: RuleDefinition, name: string): boolean {
  return (model === '' || model === name) && fits(match?.model ?? [], name);
}

/** Whether it watches a job, an instance or a measurement of a model that it watches. */
export function watchesSubject({ match }: RuleDefinition, kind: SubjectName, name: string): boolean {
  return kind !== 'measurement' || fits(match?.measurement ?? [], name);
}

/** Whether it judges a version of a model that it watches, in a role. */
export function judgesVersion({ match }: RuleDefinition, version: string, role: MatchedRole): boolean {
  return fits(match?.version ?? [], version) && rolesOf(match).includes(role);
}

function rolesOf(match: RuleMatch | undefined): readonly string[] {
  return match === undefined || match.role.length === 0 ? ['primary'] : match.role;
}

/** It judges every version that serves, and no other. */
export function judgesWhatServes({ match }: RuleDefinition): boolean {
  const roles = rolesOf(match);
  return (match?.version ?? []).length === 0 && roles.length === 1 && roles[0] === 'primary';
}

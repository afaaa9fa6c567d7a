import { formatDuration } from '@moola/contracts/definitions/durations';
import { dollars } from '@moola/wording/money';
import type { AlertSummary, FinalLine, IncidentSummary, RollbackSummary } from './final-line.js';
import type { UnevaluatedRule } from './rule-evaluations.js';

/** What came of a replay, for a person to read; the final line says the same to programs. */
export function summaryOf(line: FinalLine, unevaluated: readonly UnevaluatedRule[]): string {
  const silent = new Set(unevaluated.map(({ name }) => name));
  const { mitigated, done, undone, held } = line.rollbacks;
  return [
    `${line.model}, ${moment(line.from)} to ${moment(line.to)} UTC`,
    ...section('Log', [
      `${counted(line.predictions.ingested, 'prediction')}: ${line.predictions.primary} served, ${line.predictions.shadow} in shadow`,
      `${counted(line.outcomes.ingested, 'outcome')}, ${counted(line.outcomes.labelled, 'labelled prediction')}`,
      ...leftOut(line),
    ]),
    ...section(
      'Alerts',
      Object.entries(line.alerts).map(([rule, alert]) => `${rule}: ${alertText(alert, silent.has(rule))}`),
    ),
    ...section('Incidents', line.incidents.map(incidentText)),
    ...section('Rollbacks', [
      ...[...mitigated, ...done].map(rollbackText),
      ...undone.map((rollback) => `${rollbackText(rollback)}; undone`),
      ...held.map(({ incident, at, serving, candidate, reason }) => {
        const instead = candidate === '' ? '' : `, not ${candidate}`;
        return `${moment(at)}: held for ${incident}: ${serving} went on serving${instead} (${reason})`;
      }),
    ]),
    ...section('Value', [
      `earned ${money(line.value.earnedUsd)}, protected ${money(line.value.protectedUsd)}, ` +
        `incidents cost ${money(line.value.incidentsUsd)}`,
    ]),
    ...section('Versions', [
      ...(line.serving === '' ? [] : [`${line.serving} served at the end`]),
      `known good: ${line.knownGood.join(', ') || 'none'}`,
    ]),
  ].join('\n');
}

/** Why a replay without an alert of a rule says nothing about it. */
export function unevaluatedText(rule: UnevaluatedRule): string {
  return `rule ${rule.name} was never evaluated: ${unevaluatedReason(rule)}`;
}

export function unevaluatedReason(rule: UnevaluatedRule): string {
  const { metric, windowMs, needed, most, lacksBaseline, subject } = rule;
  if (subject !== undefined) return `no ${subject === 'job' ? 'training job' : subject} had a figure of ${metric}`;
  const window = formatDuration(windowMs);
  if (lacksBaseline) return 'it compares with a known good version, and none became known good';
  if (most === 0) return `the serving version never had a figure of ${metric} within ${window}`;
  return `it needs ${needed} samples within ${window}, and there were at most ${most} (a longer window, or a smaller minimumSamples)`;
}

function section(title: string, lines: readonly string[]): string[] {
  const [first = 'none', ...rest] = lines;
  return [`  ${title.padEnd(10)} ${first}`, ...rest.map((line) => `  ${''.padEnd(10)} ${line}`)];
}

function leftOut({ refused, duplicates, orphans }: FinalLine): string[] {
  const counts = [
    ...(refused > 0 ? [`${counted(refused, 'row')} refused and left out`] : []),
    ...(duplicates > 0 ? [counted(duplicates, 'duplicate')] : []),
    ...(orphans > 0 ? [`${counted(orphans, 'outcome')} without a prediction`] : []),
  ];
  return counts.length === 0 ? [] : [counts.join(', ')];
}

/** More times than this are only counted. */
const mostTimes = 5;

function alertText({ fired, intervals }: AlertSummary, neverEvaluated: boolean): string {
  if (fired === 0) return neverEvaluated ? 'never evaluated' : 'never fired';
  const times = intervals
    .slice(0, mostTimes)
    .map(({ version, firing, resolved }) => `${moment(firing)} ${untilText(firing, resolved)} (${version})`);
  const more = intervals.length - times.length;
  return `fired ${times.join(', ')}${more > 0 ? `, and ${more} more times` : ''}`;
}

function incidentText({ id, severity, opened, resolved, costUsd }: IncidentSummary): string {
  // One whose rule watches no gate has no cost of its own.
  const cost = costUsd === 0 ? '' : `, cost ${money(costUsd)}`;
  return `${id}: ${severity}, ${moment(opened)} ${untilText(opened, resolved)}${cost}`;
}

function rollbackText({ incident, from, to, decidedAt, verified, difference, pairs }: RollbackSummary): string {
  const better = `${to} better by ${(difference * 100).toFixed(1)} points on ${counted(pairs, 'input')}`;
  return `${moment(decidedAt)}: ${from} to ${to} for ${incident} (${better}), ${verified ? 'verified' : 'not verified'}`;
}

/** The end of a stretch: the time alone when it is on the same day. */
function untilText(from: string, to: string | null): string {
  if (to === null) return 'and still open at the end';
  return `to ${from.slice(0, 10) === to.slice(0, 10) ? to.slice(11, 16) : moment(to)}`;
}

const moment = (iso: string): string => iso.slice(0, 16).replace('T', ' ');
const money = (usd: number | null): string => (usd === null ? 'unknown' : dollars(usd));
const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

import { Comparator, type Definition, type Severity } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { severityName } from '@moola/contracts/definitions/severities';
import { formatDuration } from '@moola/contracts/definitions/durations';
import { levelsOf } from '@moola/rules/levels';
import { subjectMetricNamed } from '@moola/metrics/catalogue';
import type { Alert, NamedCase, Series } from '../alert.js';
import { watchedSubject } from './watched-subject.js';
import { watchedVersion } from './watched-version.js';
import type { Beside, Watched } from './watched.js';

/** What a rule lacks for people who get it from Prometheus. */
export interface RuleText {
  /** Of what is wrong: a sentence. */
  readonly summary: string;
  /** A figure that breaks the limit, in the unit of the exposed metric; of a rule with levels one for each, the mildest first. */
  readonly wrong: readonly WrongFigure[];
  /** A figure that breaks no limit. */
  readonly right: number;
}

export interface WrongFigure {
  readonly value: number;
  /** As the description says it. */
  readonly written: string;
}

/** How `$value` is written, by the ending of the metric's name. */
const formats: readonly (readonly [RegExp, string])[] = [
  [/_ratio$/, '{{ $value | humanizePercentage }}'],
  [/_seconds$/, '{{ $value | humanizeDuration }}'],
];

/**
 * The alerts of Prometheus that a rule of definitions stands for: the same metric, window, limit, time and number of samples.
 * One of the rule's name; of a rule with levels one for each, named by the rule and the level (`LatencyRisesCritical`): Prometheus
 * has no alert that rises.
 */
export function alertsFromRule({ kind, name }: Definition, text: RuleText): Alert[] {
  if (kind.case !== 'rule') throw new Error(`${name} is no rule`);
  const rule = kind.value;
  if (rule.segment !== undefined || rule.match?.segment !== undefined)
    throw new Error(
      `Prometheus cannot judge the rule ${name}: figures of segments are exposed over the budget's window alone (MoolaModelAlertFiring tells of its alerts)`,
    );
  const watched = subjectMetricNamed(rule.metric) === undefined ? watchedVersion(rule) : watchedSubject(name, rule);
  const levels = levelsOf(rule);
  if (text.wrong.length !== levels.length)
    throw new Error(`${name} has ${levels.length} limits, and ${text.wrong.length} figures that break them`);
  const sign = rule.comparator === Comparator.BELOW ? '<' : '>';
  return levels.map((level, index) => {
    const isOnly = rule.levels.length === 0;
    const wrong = text.wrong[index] as WrongFigure;
    // What breaks only the level before is not for this one.
    const right = text.wrong[index - 1]?.value ?? text.right;
    const condition = `${watched.figure} ${sign} ${watched.inBaseUnit(level.limit)}`;
    return {
      name: isOnly ? name : name + capitalised(severityName(level.severity)),
      ...(!isOnly && { runbook: name }),
      severity: severityOf(level.severity),
      expr: watched.provided === '' ? condition : `${condition}\n${watched.provided}`,
      for: formatDuration(level.forMs),
      summary: text.summary,
      description: watched.describe(formatOf(watched)),
      fires: { series: scraped(watched, wrong.value), at, alerts: [watched.labels], value: wrong.written },
      quiet: { series: scraped(watched, right), at },
      cases: [...soon(watched, wrong, level.forMs), ...exempt(watched, wrong)],
    };
  });
}

/** When cases look: later than any rule waits. */
const at = '45m';
const minuteMs = 60_000;

/** A rule that waits does not fire before. */
function soon(watched: Watched, { value }: WrongFigure, forMs: number): NamedCase[] {
  if (forMs <= minuteMs) return [];
  const series = scraped(watched, value);
  const time = formatDuration(forMs - minuteMs);
  return [{ name: `does not fire after ${time}`, series, at: time, alerts: [] }];
}

function exempt(watched: Watched, { value }: WrongFigure): NamedCase[] {
  return watched.exempt.map(({ name, beside }) => {
    return { name, series: scraped(watched, value, beside), at, alerts: [] };
  });
}

/** What is scraped in a case, of two consoles: one alert. */
function scraped({ labels, metric, ...watched }: Watched, value: number, beside = watched.beside): Series {
  const all: readonly Beside[] = [{ metric, value }, ...beside];
  return Object.fromEntries(
    ['a', 'b'].flatMap((instance) =>
      all.map((each): [string, string] => {
        const of = Object.entries({ ...labels, ...each.labels, job: 'moola-models', instance });
        return [`${each.metric}{${of.map(([label, is]) => `${label}="${is}"`).join(', ')}}`, `${each.value}x200`];
      }),
    ),
  );
}

function formatOf({ metric }: Watched): string {
  return formats.find(([ending]) => ending.test(metric))?.[1] ?? '{{ $value }}';
}

/** Prometheus' users know three. */
function severityOf(severity: Severity): Alert['severity'] {
  const name = severityName(severity);
  return name === 'info' || name === 'warning' ? name : 'critical';
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

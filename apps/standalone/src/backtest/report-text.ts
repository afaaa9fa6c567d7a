import { formatDuration } from '@moola/contracts/definitions/durations';
import { spoken } from '@moola/wording/durations';
import { metricValue } from '@moola/wording/metrics';
import { percent, trimmed } from '@moola/wording/numbers';
import { segmentText } from '@moola/wording/segments';
import { aboutText } from '@moola/wording/subject';
import { timeline } from './domain/timeline.js';
import type {
  BacktestReport,
  ComparedReport,
  FiringReport,
  ModelReport,
  RuleReport,
  ScoreReport,
  SpanReport,
  TransitionReport,
  TriedReport,
} from './report.js';

/** What came of a backtest, for a person to read; `--json` says the same to programs. */
export function reportText(report: BacktestReport, incidents: ReadonlyMap<string, readonly SpanReport[]>): string {
  const { against, from, to, stepSeconds } = report;
  const title = `${report.log}, ${moment(from)} to ${moment(to)} UTC, in steps of ${formatDuration(1000 * stepSeconds)}`;
  const difference = against === null ? [] : ['', ...differenceText(report, against)];
  const sides = [report, ...(against === null ? [] : [against])];
  // Of two sets of definitions only the difference is of interest.
  const listed = (side: TriedReport) => (against === null ? transitionLines(side.transitions) : []);
  return [
    title,
    ...sides.flatMap((side) => ['', ...sideText(report, side, incidents, listed(side))]),
    ...difference,
  ].join('\n');
}

function sideText(
  span: SpanReport,
  { definitions, counts, transitions, rules, models }: TriedReport,
  incidents: ReadonlyMap<string, readonly SpanReport[]>,
  listed: readonly string[],
): string[] {
  const { predictions, outcomes, labelled, duplicates, unusable } = counts;
  const odd = [
    ...(duplicates > 0 ? [counted(duplicates, 'duplicate')] : []),
    ...(unusable > 0 ? [`${counted(unusable, 'row')} that could not be used`] : []),
  ];
  const drawn = timelineLines(span, rules, transitions, incidents);
  const blocks = [
    listed,
    [
      ...table(ruleRows(rules, models)),
      ...models.flatMap(({ model, score }) =>
        score === null ? [] : [`${model}, all rules together: ${scoreText(score)}`, ...missedLines(score)],
      ),
    ],
    drawn,
  ].filter((block) => block.length > 0);
  return [
    `${definitions}: ${counted(predictions, 'prediction')}, ${counted(outcomes, 'outcome')}, ` +
      [counted(labelled, 'labelled prediction'), ...odd].join(', '),
    ...blocks.flatMap((block, i) => [...(i === 0 ? [] : ['']), ...block.map((line) => `  ${line}`)]),
  ];
}

/** So many transitions are listed; JSON has all. */
const mostTransitions = 40;

function transitionLines(transitions: readonly TransitionReport[]): string[] {
  if (transitions.length === 0) return ['no alert changed its state'];
  const more = transitions.length - mostTransitions;
  return [
    ...table(
      transitions.slice(0, mostTransitions).map((each) => {
        const { at, rule, from, to, metric, value, samples, limit, reason } = each;
        const figure =
          value === null
            ? 'no figure'
            : `${metricValue(metric, value)}, limit ${metricValue(metric, limit)} (n = ${trimmed(samples ?? 0, 0)})`;
        return [moment(at), rule, about(each), `${from} → ${to}`, metric === '' ? '' : figure, reason];
      }),
    ),
    ...(more > 0 ? [`and ${more} more: --json lists them all`] : []),
  ];
}

function ruleRows(rules: readonly RuleReport[], models: readonly ModelReport[]): string[][] {
  const isScored = models.some(({ score }) => score !== null);
  const hasSeveral = models.length > 1;
  const titles = ['RULE', 'SEVERITY', 'FIRED', 'FIRING', ...(isScored ? ['PRECISION', 'RECALL', 'DELAY'] : []), ''];
  return [
    [...(hasSeveral ? ['MODEL'] : []), ...titles],
    ...rules.map(({ model, rule, severity, fired, firingSeconds, firingAtEnd, neverEvaluated, score }) => [
      ...(hasSeveral ? [model] : []),
      ...[rule, severity, `${fired}`, fired === 0 ? '–' : spoken(1000 * firingSeconds)],
      ...(score === null ? [] : [precisionText(score), recallText(score), delayText(score)]),
      neverEvaluated === null ? (firingAtEnd ? 'fires at the end' : '') : `never evaluated: ${neverEvaluated}`,
    ]),
  ];
}

const scoreText = (score: ScoreReport): string =>
  `precision ${precisionText(score)}, recall ${recallText(score)}, delay ${delayText(score)}`;

const shareText = (share: number | null) => (share === null ? 'unknown' : percent(share));
const precisionText = ({ precision, trueFirings, falseFirings }: ScoreReport): string =>
  `${shareText(precision)} (${trueFirings} of ${trueFirings + falseFirings})`;
const recallText = ({ recall, detected, missed }: ScoreReport): string =>
  `${shareText(recall)} (${detected} of ${detected + missed.length})`;

function delayText({ medianDelaySeconds: median, worstDelaySeconds: worst }: ScoreReport): string {
  if (median === null || worst === null) return '–';
  const [usual, most] = [median, worst].map((seconds) => (seconds === 0 ? 'none' : spoken(1000 * seconds)));
  return usual === most ? (usual ?? '') : `${usual}, worst ${most}`;
}

function missedLines({ missed }: ScoreReport): string[] {
  return missed.map(({ from, to }) => `missed: ${moment(from)} to ${moment(to)}`);
}

/** Wide enough to tell times apart, and narrow enough for a terminal of 80 columns beside a name. */
const timelineWidth = 60;

function timelineLines(
  span: SpanReport,
  rules: readonly RuleReport[],
  transitions: readonly TransitionReport[],
  incidents: ReadonlyMap<string, readonly SpanReport[]>,
): string[] {
  const whole = { fromMs: Date.parse(span.from), toMs: Date.parse(span.to) };
  const rows = rules
    .filter(({ fired }) => fired > 0)
    .map(({ model, rule }) => {
      const changes = transitions
        .filter((each) => each.model === model && each.rule === rule)
        .map((each) => ({ atMs: Date.parse(each.at), state: each.to, series: about(each) }));
      return [rule, timeline(changes, whole, timelineWidth)];
    });
  const real = [...incidents].map(([model, spans]) => {
    const changes = spans.flatMap(({ from, to }, i) => [
      { atMs: Date.parse(from), state: 'real' as const, series: `${i}` },
      { atMs: Date.parse(to), state: 'inactive' as const, series: `${i}` },
    ]);
    return [`really (${model})`, timeline(changes, whole, timelineWidth)];
  });
  if (rows.length + real.length === 0) return [];
  return [...table([...rows, ...real]), '█ firing  ▒ pending  · neither'];
}

function differenceText(first: TriedReport, against: ComparedReport): string[] {
  const { both, only, onlyAgainst } = against.difference;
  const moved = both.filter((each) => each.beginsSecondsLater !== 0 || each.endsSecondsLater !== 0);
  const lines = [
    ...only.map((each) => [`only ${first.definitions}`, ...firingCells(each)]),
    ...onlyAgainst.map((each) => [`only ${against.definitions}`, ...firingCells(each)]),
    ...moved.map(({ beginsSecondsLater, endsSecondsLater, ...each }) => [
      'at another time',
      ...firingCells(each),
      [movedText('begins', beginsSecondsLater), movedText('ends', endsSecondsLater)].filter(Boolean).join(', '),
    ]),
  ];
  return [
    `${first.definitions} against ${against.definitions}: ${counted(both.length - moved.length, 'firing')} alike, ` +
      `${moved.length} at another time, ${only.length + onlyAgainst.length} with one of them only`,
    ...table(lines).map((line) => `  ${line}`),
  ];
}

const firingCells = (firing: FiringReport): string[] => [
  ...[firing.rule, about(firing), `${moment(firing.from)} to ${firing.firingAtEnd ? 'the end' : moment(firing.to)}`],
];

/** `v7`, `v7, country de`, `job fit-7`. */
const about = ({ version, subject, segment }: Pick<FiringReport, 'version' | 'subject' | 'segment'>): string =>
  aboutText({ version, subject: subject ?? undefined }) + (segment === null ? '' : `, ${segmentText(segment)}`);

const movedText = (what: string, seconds: number): string =>
  seconds === 0 ? '' : `${what} ${spoken(1000 * Math.abs(seconds))} ${seconds < 0 ? 'earlier' : 'later'}`;

/** Aligned columns, a line a row. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, cell.length)));
  return rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

const moment = (iso: string): string => iso.slice(0, iso.endsWith(':00.000Z') ? 16 : 19).replace('T', ' ');
const counted = (count: number, one: string): string => `${trimmed(count, 0)} ${one}${count === 1 ? '' : 's'}`;

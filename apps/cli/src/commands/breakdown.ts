import type {
  BreakdownView,
  ClassFiguresView,
  ResidualHistogramView,
  SegmentFiguresView,
} from '@moola/standalone/console-views';
import { metricLabel, metricValue } from '@moola/wording/metrics';
import { spoken } from '@moola/wording/durations';
import { percent, significant, trimmed } from '@moola/wording/numbers';
import type { Command } from 'commander';
import { examples } from '../output/examples.js';
import { printable } from '../output/printable.js';
import { table, type Column } from '../output/table.js';
import { path } from '../server/moola-server.js';
import { connect, withServer, type ServerFlags } from '../server/server-options.js';
import type { Shell } from '../shell/shell.js';

interface Flags extends ServerFlags {
  readonly modelVersion?: string;
  readonly json?: true;
}

export function registerBreakdown(parent: Command, shell: Shell): void {
  withServer(
    parent
      .command('breakdown <model>')
      .description(
        "What a model's budget window is made of: its segments, the worse ones first, and its classes or residuals.",
      ),
  )
    .option('--model-version <version>', 'another version than the one that serves')
    .option('--json', 'print JSON, of every version')
    .addHelpText(
      'after',
      examples(
        ['moola breakdown churn', 'which segments of churn are worse than the rest'],
        ['moola breakdown churn --model-version v7', 'those of a version that does not serve'],
      ),
    )
    .action(async (model: string, flags: Flags) => {
      const server = connect(shell, flags);
      if (server === null) return;
      const { environment } = flags;
      const answer = await server.get<BreakdownView[]>(path('environments', environment, 'models', model, 'breakdown'));
      if (!answer.ok) return shell.fail(answer.problem);
      if (flags.json) return shell.json(answer.value);
      const { modelVersion } = flags;
      const found = answer.value.find((each) =>
        modelVersion === undefined ? each.serving : each.version === modelVersion,
      );
      if (found !== undefined) return shell.print(textOf(shell, found));
      const versions = answer.value.map(({ version }) => printable(version));
      if (versions.length === 0) {
        return shell.print(`nothing to tell apart of model "${printable(model)}" yet: no segments, no labels`);
      }
      const wanted =
        modelVersion === undefined ? 'no version serves' : `there is no version "${printable(modelVersion)}"`;
      return shell.fail(`${wanted}: known are ${versions.join(', ')} (name one by --model-version)`);
    });
}

function textOf(shell: Shell, breakdown: BreakdownView): string {
  const { version, windowMs, compared, segments, classes, residuals } = breakdown;
  const parts = [shell.style('bold', `${printable(version)}, over ${spoken(windowMs)}`)];
  if (segments.length > 0) parts.push(table(shell, inOrder(segments), segmentColumns(shell, compared)));
  if (classes.length > 0) parts.push(table(shell, classes, classColumns));
  if (residuals !== null) parts.push(residualsText(shell, residuals));
  return parts.join('\n\n');
}

/** The worse ones first, then by what they differ. */
function inOrder(segments: readonly SegmentFiguresView[]): SegmentFiguresView[] {
  return [...segments].sort((a, b) => Number(b.worse) - Number(a.worse));
}

function segmentColumns(shell: Shell, compared: string): Column<SegmentFiguresView>[] {
  const figure = ({ figures }: SegmentFiguresView, metric: string) => figures.find((each) => each.metric === metric);
  const shown = (row: SegmentFiguresView, metric: string): string => {
    const value = figure(row, metric)?.value ?? null;
    return value === null ? '–' : metricValue(metric, value);
  };
  return [
    { title: 'LABEL', cell: ({ key }) => printable(key) },
    { title: 'SEGMENT', cell: ({ value, other }) => (other ? 'others' : printable(value)) },
    { title: metricLabel(compared).toUpperCase(), side: 'right', cell: (row) => shown(row, compared) },
    { title: 'SAMPLES', side: 'right', cell: (row) => String(figure(row, compared)?.samples ?? 0) },
    { title: 'PREDICTIONS', side: 'right', cell: (row) => shown(row, 'predictions') },
    { title: 'LATENCY P95', side: 'right', cell: (row) => shown(row, 'latency_p95') },
    {
      title: 'BESIDE THE REST',
      cell: ({ difference, adjustedPValue, worse }) =>
        difference === null ? 'too few to say' : worse ? `worse (p ${shortP(adjustedPValue)})` : 'no worse',
      style: ({ worse }, cell) => (worse ? shell.style('red', cell) : cell),
    },
  ];
}

const shareText = (share: number | null): string => (share === null ? '–' : percent(share));

const classColumns: Column<ClassFiguresView>[] = [
  { title: 'CLASS', cell: ({ name, other }) => (other ? 'others' : printable(name)) },
  { title: 'TRUE', side: 'right', cell: ({ truths }) => String(truths) },
  { title: 'ANSWERED', side: 'right', cell: ({ answered }) => String(answered) },
  { title: 'PRECISION', side: 'right', cell: ({ precision }) => shareText(precision) },
  { title: 'RECALL', side: 'right', cell: ({ recall }) => shareText(recall) },
  { title: 'F1', side: 'right', cell: ({ f1 }) => shareText(f1) },
];

/** So many characters long is the highest bar. */
const longestBar = 40;

function residualsText(shell: Shell, { count, bias, bars, below, above }: ResidualHistogramView): string {
  const most = Math.max(...bars.map((bar) => bar.count));
  const columns: Column<ResidualHistogramView['bars'][number]>[] = [
    { title: 'RESIDUAL FROM', side: 'right', cell: ({ from }) => significant(from) },
    { title: 'TO', side: 'right', cell: ({ to }) => significant(to) },
    { title: 'LABELS', side: 'right', cell: (bar) => String(bar.count) },
    { title: 'BAR', cell: (bar) => '█'.repeat(Math.ceil((longestBar * bar.count) / most)) },
  ];
  const beyond = below + above === 0 ? '' : `; ${below} below these, ${above} above`;
  return [table(shell, bars, columns), `answer − truth of ${count} labels, bias ${significant(bias)}${beyond}`].join(
    '\n',
  );
}

/** `= 0.003`, `< 0.0001`. */
function shortP(value: number | null): string {
  if (value === null) return '–';
  return value < 0.0001 ? '< 0.0001' : `= ${trimmed(value, 4)}`;
}

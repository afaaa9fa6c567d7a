import type { BacktestFiles, BacktestInputs } from './backtest/backtest-inputs.js';
import { isWithin, readBacktest } from './backtest/backtest-inputs.js';
import { reportText } from './backtest/report-text.js';
import { reportOf, type SpanReport } from './backtest/report.js';
import { runBacktest } from './backtest/run-backtest.js';
import { isoSeconds } from './story/round.js';
import { showProgress } from './story/progress.js';
import { refusedCode, tellOfLog } from './story/tell-story.js';
import { untilStopped } from './until-stopped.js';

/** What `moola backtest` was asked for. */
export interface BacktestOptions extends BacktestFiles {
  /** So long after the end of a real incident an alert may still fire for it, milliseconds. */
  readonly graceMs: number;
  /** Nothing but the report as JSON on standard output. */
  readonly json: boolean;
  /** Rows that were refused do not make the exit code that of a failure. */
  readonly allowRefused: boolean;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
}

/**
 * `moola backtest`: which alerts a log would have raised.
 * @returns the exit code
 */
export async function backtest(options: BacktestOptions): Promise<number> {
  const { stdout, stderr } = options;
  const reading = await readBacktest(options);
  if (!reading.ok) {
    for (const problem of reading.problems) stderr.write(`moola: ${problem}\n`);
    return 1;
  }
  const { inputs } = reading;
  try {
    return await untilStopped(stderr, async ({ signal }) => {
      tellOfLog(inputs, stderr);
      const { startMs, stepMs, length } = inputs.schedule;
      // The bar and the report do not mix: what is shown of progress goes to standard error.
      const shown = showProgress({ stdout: stderr, stderr, show: options.json ? 'lines' : 'bar' }, length);
      const facts = await runBacktest(
        inputs,
        (step) => shown.at(step, isoSeconds(startMs + step * stepMs)),
        signal,
      ).finally(() => shown.stop());
      const report = reportOf(options.log, inputs, facts, options.graceMs);
      const text = options.json ? JSON.stringify(report) : reportText(report, realSpans(inputs));
      stdout.write(`${text}\n`);
      for (const warning of afterwards(inputs)) stderr.write(`moola: ${warning}\n`);
      return refusedCode(inputs.refused.count, options);
    });
  } finally {
    inputs.close();
  }
}

/** What was said at first has been scrolled away. */
function afterwards(inputs: BacktestInputs): readonly string[] {
  const { incidents, warnings } = inputs;
  const outside = (incidents ?? []).filter((each) => !isWithin(inputs, each)).length;
  return [
    ...warnings,
    ...(outside > 0 ? [`${outside} of the intervals of --truth lie outside the log, and do not count`] : []),
  ];
}

function realSpans(inputs: BacktestInputs): ReadonlyMap<string, readonly SpanReport[]> {
  const { incidents, toMs } = inputs;
  const spans = new Map<string, SpanReport[]>();
  for (const each of (incidents ?? []).filter((incident) => isWithin(inputs, incident))) {
    const ofModel = spans.get(each.model) ?? [];
    spans.set(each.model, ofModel);
    const iso = (timeMs: number) => new Date(Math.min(timeMs, toMs)).toISOString();
    ofModel.push({ from: iso(each.fromMs), to: iso(each.toMs) });
  }
  return spans;
}

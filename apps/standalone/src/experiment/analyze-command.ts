import { analyse } from '@moola/statistics/analysis/analyse';
import { analysisJson, detailsJson } from './analysis-json.js';
import { analysisText } from './analysis-text.js';
import { readConfig } from './config.js';
import { fileName, readExperiment } from './read-experiment.js';

export interface AnalyzeOptions {
  readonly file: string;
  readonly config: string;
  readonly json: boolean;
  readonly details: boolean;
  readonly allowRefused: boolean;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  /** Colours, where there are any. */
  readonly style: (format: 'bold' | 'dim' | 'red' | 'green' | 'yellow', text: string) => string;
}

/**
 * Analyses an experiment from a file.
 * @returns the exit code
 */
export async function analyze(options: AnalyzeOptions): Promise<number> {
  const { stdout, stderr } = options;
  const file = fileName(options.file);
  const say = (text: string) => stderr.write(`moola: ${text}\n`);
  const config = readConfig(options.config);
  if (!config.ok) {
    config.problems.forEach(say);
    return 3;
  }
  const reading = await readExperiment(options.file, config.config);
  if (!reading.ok) {
    reading.problems.forEach(say);
    return 1;
  }
  const { rows } = reading;
  const { plan } = config.config;
  const analysis = analyse(plan, rows.arms);
  for (const { line, problem } of rows.refused.rows) say(`${file}, line ${line}: ${problem}: the row is left out`);
  const more = rows.refused.count - rows.refused.rows.length;
  if (more > 0) say(`${file}: ${more} more rows are left out`);
  for (const { arm, units } of rows.unknownArms)
    say(`${file}: arm "${arm}" is not among the weights: its ${units} units are left out`);
  if (options.json) {
    const report = analysisJson(plan, analysis);
    const whole = options.details ? { ...report, details: detailsJson(analysis, rows) } : report;
    stdout.write(`${JSON.stringify(whole, null, 2)}\n`);
  } else {
    stdout.write(`${analysisText(file, plan, analysis, rows, options.style)}\n`);
  }
  const isRefused = rows.refused.count > 0 || rows.unknownArms.length > 0;
  return isRefused && !options.allowRefused ? 3 : 0;
}

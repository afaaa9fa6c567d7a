import { PassThrough } from 'node:stream';
import type { ReplayInputs } from '../replay/replay-inputs.js';
import { playStory, type StoryOptions } from './play-story.js';
import { summaryOf, unevaluatedText } from './summary.js';

export interface Telling {
  /** Nothing but the final line on standard output. */
  readonly json: boolean;
  /** Rows that were refused do not make the exit code that of a failure. */
  readonly allowRefused: boolean;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
}

/**
 * Plays a story as fast as it goes, and tells it: what a person should know first, what happens, and a summary.
 * @returns the exit code
 */
export async function tellStory(
  telling: Telling,
  stage: Omit<StoryOptions, 'speed'>,
  partitions: number,
  signal: AbortSignal,
): Promise<number> {
  const { json, stdout, stderr } = telling;
  const { refused, warnings } = stage.inputs;
  tellOfLog(stage.inputs, stderr);
  const told = json ? new PassThrough().resume() : stdout;
  const outputs = { stdout: told, stderr, show: 'bar' } as const;
  const { line, unevaluated } = await playStory({ ...stage, speed: 'max' }, outputs, partitions, signal);
  stdout.write(json ? `${JSON.stringify(line)}\n` : `\n${summaryOf(line, unevaluated)}\n`);
  if (!json && line.postMortems.length > 0) stdout.write(`  ${'Written'.padEnd(10)} ${line.postMortems.join(', ')}\n`);
  for (const rule of unevaluated) stderr.write(`moola: ${unevaluatedText(rule)}\n`);
  // What was said at first has been scrolled away.
  for (const warning of warnings) stderr.write(`moola: ${warning}\n`);
  return refusedCode(refused.count, telling);
}

/** What a person should know of a log before it is replayed. */
export function tellOfLog(
  { refused, warnings }: Pick<ReplayInputs, 'refused' | 'warnings'>,
  stderr: NodeJS.WritableStream,
): void {
  for (const problem of refused.list()) stderr.write(`moola: refused: ${problem}\n`);
  for (const warning of warnings) stderr.write(`moola: ${warning}\n`);
}

/** Of a replay that went to its end and left rows out; 1 is that of one that could not run. */
const refusedExitCode = 3;

/** @returns the exit code of a replay that left rows out, and says so */
export function refusedCode(
  count: number,
  { allowRefused, stderr }: { readonly allowRefused: boolean; readonly stderr: NodeJS.WritableStream },
): number {
  if (count === 0 || allowRefused) return 0;
  const rows = count === 1 ? '1 row was' : `${count} rows were`;
  stderr.write(`moola: ${rows} refused and left out: see above. --allow-refused takes that for a success\n`);
  return refusedExitCode;
}

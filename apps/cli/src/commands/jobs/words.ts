import type { EstimateView, JobSummaryView } from '@moola/standalone/console-views';
import { byteCount } from '@moola/wording/bytes';
import { spoken } from '@moola/wording/durations';
import { percent, trimmed } from '@moola/wording/numbers';
import type { Shell } from '../../shell/shell.js';

type Job = JobSummaryView;

/** `1,200 of 50,000 (2.4 %)`. */
export function steps({ step, totalSteps }: Job): string {
  if (totalSteps === null) return trimmed(step, 0);
  return `${trimmed(step, 0)} of ${trimmed(totalSteps, 0)} (${percent(step / totalSteps)})`;
}

/** `1 h 20 min (1 h 5 min to 1 h 40 min)`; a dash where it is not known. */
export function duration(estimate: EstimateView): string {
  if (estimate === null) return '–';
  const { value, lower, upper } = estimate;
  if (lower === null) return spoken(value);
  return `${spoken(value)} (${upper === null ? `at least ${spoken(lower)}` : `${spoken(lower)} to ${spoken(upper)}`})`;
}

/** `12 GiB of 16 GiB`. */
export function memory({ memoryBytes, memoryLimitBytes }: Job): string {
  if (memoryBytes === null) return '–';
  return byteCount(memoryBytes) + (memoryLimitBytes === null ? '' : ` of ${byteCount(memoryLimitBytes)}`);
}

export function state(shell: Shell, name: Job['state'], text: string): string {
  switch (name) {
    case 'stalled':
    case 'failed':
      return shell.style('red', text);
    case 'running':
      return shell.style('green', text);
    case 'finished':
      return text;
  }
}

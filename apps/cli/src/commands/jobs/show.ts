import type { JobView } from '@moola/standalone/console-views';
import type { Command } from 'commander';
import { trimmed } from '@moola/wording/numbers';
import { examples } from '../../output/examples.js';
import { printable } from '../../output/printable.js';
import { storyTimes, type StoryTimes } from '../../output/story-times.js';
import { fields } from '../../output/table.js';
import { counted } from '../../output/words.js';
import { path } from '../../server/moola-server.js';
import { connect, withServer, type ServerFlags } from '../../server/server-options.js';
import type { Shell } from '../../shell/shell.js';
import { duration, memory, state, steps } from './words.js';

export function registerShow(parent: Command, shell: Shell): void {
  withServer(
    parent
      .command('show')
      .description('Show a training job.')
      .argument('<model>', 'the model that is trained')
      .argument('<job>', 'its name, as `moola jobs list` shows it'),
  )
    .option('--json', 'print JSON, with the curves of loss and memory')
    .addHelpText('after', examples(['moola jobs show Fraud fit-2026-01-31', 'how far it is, and how long it takes']))
    .action(async (model: string, job: string, flags: ServerFlags & { json?: true }) => {
      const server = connect(shell, flags);
      if (server === null) return;
      const answer = await server.get<JobView>(path('environments', flags.environment, 'models', model, 'jobs', job));
      if (!answer.ok) return shell.fail(answer.problem);
      if (flags.json) return shell.json(answer.value);
      shell.print(view(shell, answer.value, await storyTimes(server, flags.environment)));
    });
}

function view(shell: Shell, job: JobView, times: StoryTimes): string {
  const { stepsPerSecond, outOfMemoryInMs, checkpointMs, endedMs, restarts, late } = job;
  const saved = checkpointMs === null ? '' : `, the last at ${times.zoned(checkpointMs)}`;
  return fields(shell, [
    ['job', shell.style('bold', printable(job.job))],
    ['model', printable(job.model)],
    ['state', state(shell, job.state, job.state)],
    ['step', steps(job)],
    ['pace', stepsPerSecond === null ? null : `${trimmed(stepsPerSecond.value, 2)} steps a second`],
    ['time left', job.timeLeftMs === null ? null : duration(job.timeLeftMs)],
    ['loss', job.loss === null ? null : trimmed(job.loss, 6)],
    ['memory', job.memoryBytes === null ? null : memory(job)],
    ['out of memory', outOfMemoryText(job)],
    ['checkpoints', `${job.checkpointsSaved} saved${saved}, ${job.checkpointsFailed} failed`],
    ['restarts', restarts === 0 ? null : counted(restarts, 'restart')],
    ['late', late === 0 ? null : `${counted(late, 'report')} older than one before`],
    ['started', times.zoned(job.startedMs)],
    ['last step', times.zoned(job.progressedMs)],
    ['ended', endedMs === null ? null : times.zoned(endedMs)],
  ]);

  function outOfMemoryText({ outOfMemory }: JobView): string | null {
    if (outOfMemory > 0) return outOfMemory === 1 ? 'it has run out of memory' : `${outOfMemory} times`;
    return outOfMemoryInMs === null ? null : `in ${duration(outOfMemoryInMs)}, if memory grows on as it does`;
  }
}

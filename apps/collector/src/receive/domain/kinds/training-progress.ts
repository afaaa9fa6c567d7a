import { eventKinds } from '@moola/contracts/event-kinds';
import { instant, invalid, number, requiredName } from '../checks.js';
import { most } from '../limits.js';
import type { ReceivedKind } from './received-kind.js';

const limits = eventKinds.trainingProgress.numbers;

export const trainingProgress: ReceivedKind<'trainingProgress'> = {
  check(progress, range) {
    const problem =
      requiredName('trainingProgress.model', progress.model, most.name, 'churn') ??
      requiredName('trainingProgress.job', progress.job, most.name, 'fit-2026-01-31') ??
      instant('trainingProgress.time', progress.time, range) ??
      number('trainingProgress.step', Number(progress.step), limits.step) ??
      number('trainingProgress.loss', progress.loss, limits.loss) ??
      number('trainingProgress.totalSteps', optionalNumber(progress.totalSteps), limits.totalSteps) ??
      number('trainingProgress.memoryBytes', progress.memoryBytes, limits.memoryBytes) ??
      number('trainingProgress.memoryLimitBytes', progress.memoryLimitBytes, limits.memoryLimitBytes);
    if (problem !== null) return problem;
    if (!['', 'saved', 'failed'].includes(progress.checkpoint))
      return invalid(
        'trainingProgress.checkpoint',
        'is unknown: "saved", "failed", or the field left out, is expected',
      );
    if (['', 'running', 'finished', 'failed'].includes(progress.state)) return null;
    return invalid('trainingProgress.state', 'is unknown: "running", "finished" or "failed" is expected');
  },
};

function optionalNumber(value: bigint | undefined): number | undefined {
  return value === undefined ? undefined : Number(value);
}

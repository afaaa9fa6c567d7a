import { eventKinds } from '@moola/contracts/event-kinds';
import { instant, number, requiredName } from '../checks.js';
import { most } from '../limits.js';
import type { ReceivedKind } from './received-kind.js';

const limits = eventKinds.infrastructureSample.numbers;

export const infrastructureSample: ReceivedKind<'infrastructureSample'> = {
  check: (sample, range) =>
    requiredName('infrastructureSample.model', sample.model, most.name, 'churn') ??
    requiredName('infrastructureSample.instance', sample.instance, most.name, 'pod-1') ??
    instant('infrastructureSample.time', sample.time, range) ??
    number('infrastructureSample.cpuRatio', sample.cpuRatio, limits.cpuRatio) ??
    number('infrastructureSample.memoryBytes', sample.memoryBytes, limits.memoryBytes) ??
    number('infrastructureSample.networkBytesPerSecond', sample.networkBytesPerSecond, limits.networkBytesPerSecond) ??
    number('infrastructureSample.memoryLimitBytes', sample.memoryLimitBytes, limits.memoryLimitBytes) ??
    number('infrastructureSample.memoryRatio', sample.memoryRatio, limits.memoryRatio) ??
    number('infrastructureSample.gpuRatio', sample.gpuRatio, limits.gpuRatio) ??
    number('infrastructureSample.gpuMemoryRatio', sample.gpuMemoryRatio, limits.gpuMemoryRatio) ??
    number('infrastructureSample.diskRatio', sample.diskRatio, limits.diskRatio),
};

import type { InfrastructureSample } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { instanceFields, longestWindowMs, type InstanceField } from '@moola/metrics/subject-metric';

/** What is kept of an instance. Plain data: JSON keeps it. Times are those of its samples, milliseconds. */
export interface InstanceRecord {
  startedMs: number;
  /** Of its latest sample. */
  heardMs: number;
  samples: number;
  memoryLimitBytes: number | null;
  /** By index: [index, then count and sum of each of `instanceFields`]. */
  buckets: number[][];
}

const bucketMs = 15_000;
const bucketsKept = longestWindowMs.instance / bucketMs;

export function newInstance(timeMs: number): InstanceRecord {
  return { startedMs: timeMs, heardMs: timeMs, samples: 0, memoryLimitBytes: null, buckets: [] };
}

/** Counts a sample in the bucket of its time, as long as that is kept. */
export function observeSample(instance: InstanceRecord, sample: InfrastructureSample, timeMs: number): void {
  const { memoryLimitBytes } = sample;
  if (memoryLimitBytes !== undefined) instance.memoryLimitBytes = memoryLimitBytes === 0 ? null : memoryLimitBytes;
  instance.samples++;
  instance.startedMs = Math.min(instance.startedMs, timeMs);
  instance.heardMs = Math.max(instance.heardMs, timeMs);
  const oldest = indexOf(instance.heardMs) - bucketsKept;
  if (indexOf(timeMs) < oldest) return;
  const bucket = bucketAt(instance, indexOf(timeMs));
  instanceFields.forEach((field, i) => {
    const value = valueOf(field, sample, instance.memoryLimitBytes);
    if (value === undefined) return;
    bucket[1 + 2 * i]! += 1;
    bucket[2 + 2 * i]! += value;
  });
  while (instance.buckets[0]![0]! < oldest) instance.buckets.shift();
}

/** The mean of a field over the buckets that end within the window before `nowMs`, the open one among them. */
export function meanOf({ buckets }: InstanceRecord, field: InstanceField, windowMs: number, nowMs: number) {
  const place = 1 + 2 * instanceFields.indexOf(field);
  const before = indexOf(nowMs) - Math.ceil(windowMs / bucketMs);
  let [samples, sum] = [0, 0];
  for (const bucket of buckets) {
    if (bucket[0]! <= before) continue;
    samples += bucket[place]!;
    sum += bucket[place + 1]!;
  }
  return { value: samples === 0 ? undefined : sum / samples, samples };
}

function valueOf(field: InstanceField, sample: InfrastructureSample, limit: number | null): number | undefined {
  const { memoryBytes } = sample;
  switch (field) {
    case 'cpu':
      return sample.cpuRatio;
    case 'memory':
      return sample.memoryRatio ?? (memoryBytes === undefined || limit === null ? undefined : memoryBytes / limit);
    case 'memoryBytes':
      return memoryBytes;
    case 'gpu':
      return sample.gpuRatio;
    case 'gpuMemory':
      return sample.gpuMemoryRatio;
    case 'networkBytesPerSecond':
      return sample.networkBytesPerSecond;
    case 'disk':
      return sample.diskRatio;
  }
}

function bucketAt({ buckets }: InstanceRecord, index: number): number[] {
  let at = buckets.length;
  while (at > 0 && buckets[at - 1]![0]! > index) at--;
  const found = buckets[at - 1];
  if (found?.[0] === index) return found;
  const begun = [index, ...instanceFields.flatMap(() => [0, 0])];
  buckets.splice(at, 0, begun);
  return begun;
}

function indexOf(timeMs: number): number {
  return Math.floor(timeMs / bucketMs);
}

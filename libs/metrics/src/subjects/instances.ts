import type { InstanceField, SubjectMetric } from '../subject-metric.js';

const minuteMs = 60_000;

type About = Pick<SubjectMetric, 'name' | 'title' | 'meaning' | 'unit' | 'shownAs'>;

/** The mean of a field of the samples. */
const mean = (field: InstanceField, about: About): SubjectMetric<'instance'> => ({
  ...about,
  ...{ subject: 'instance', ofWindow: true, worse: 'above', ratio: about.unit === 'ratio' },
  measure: (instance, windowMs) => instance.mean(field, windowMs),
});
const share = (field: InstanceField, name: string, title: string, meaning: string): SubjectMetric<'instance'> =>
  mean(field, { name, title, meaning, unit: 'ratio', shownAs: 'percent' });

/** Every metric of instances, in the order in which people read them. */
export const instanceMetrics: readonly SubjectMetric<'instance'>[] = [
  share('cpu', 'instance_cpu', 'CPU', 'mean of the samples of how busy its CPUs are'),
  share('memory', 'instance_memory', 'Memory of its limit', 'mean of the samples of memory ÷ its limit'),
  mean('memoryBytes', {
    ...{ name: 'instance_memory_used', title: 'Memory used', unit: 'bytes', shownAs: 'bytes' },
    meaning: 'mean of the samples of its memory',
  }),
  share('gpu', 'instance_gpu', 'GPU', 'mean of the samples of how busy its GPUs are'),
  share('gpuMemory', 'instance_gpu_memory', 'GPU memory', 'mean of the samples of how much of its GPU memory is used'),
  share('disk', 'instance_disk', 'Disk', 'mean of the samples of how full its fullest disk is'),
  mean('networkBytesPerSecond', {
    ...{ name: 'instance_network', title: 'Network', unit: 'bytes/s', shownAs: 'bytes a second' },
    meaning: 'mean of the samples of its network traffic',
  }),
  {
    ...{ subject: 'instance', ofWindow: false, ratio: false, worse: 'above', unit: 'min', shownAs: 'minutes' },
    ...{ name: 'instance_silence', title: 'Time without a sample' },
    meaning: 'time since the last sample of the instance came',
    measure: ({ silentMs, samples }) => ({ value: silentMs / minuteMs, samples }),
  },
];

import { create, type MessageInitShape } from '@bufbuild/protobuf';
import {
  Comparator,
  Compare,
  RuleDefinitionSchema,
  Severity,
  type RuleDefinition,
} from '@moola/contracts/gen/moola/v1/definitions_pb';

/**
 * The rules on training jobs and on instances. They apply to every model, declared or not, until a rule on jobs, or on
 * instances, is defined for it. `examples/alerts` has them as YAML.
 */

const minute = 60_000;

const { BELOW, ABOVE } = Comparator;
const { WARNING, CRITICAL } = Severity;

const rule = (fields: MessageInitShape<typeof RuleDefinitionSchema>): RuleDefinition =>
  create(RuleDefinitionSchema, {
    compare: Compare.FIGURE,
    confidence: 0.95,
    minimumSamples: 1,
    longestGapMs: 5 * minute,
    ...fields,
  });

/** The mean over a minute is above a share for so long. */
const above = (metric: string, limit: number, forMinutes: number, severity: Severity, summary: string) =>
  rule({
    ...{ metric, comparator: ABOVE, limit, windowMs: minute, severity, summary },
    ...{ forMs: forMinutes * minute, keepFiringForMs: minute },
  });

/** By the alert's name. */
export const defaultSubjectRules: ReadonlyMap<string, RuleDefinition> = new Map([
  [
    'PretrainingStalled',
    rule({
      ...{ metric: 'job_without_progress', comparator: ABOVE, limit: 30, severity: CRITICAL },
      summary: 'The training job has made no step for 30 minutes',
    }),
  ],
  [
    'PretrainingOOM',
    rule({
      ...{ metric: 'job_time_to_oom', comparator: BELOW, limit: 30, severity: CRITICAL, keepFiringForMs: 5 * minute },
      summary: 'The training job has run out of memory, or will within 30 minutes',
    }),
  ],
  [
    'PretrainingCheckpointFailed',
    rule({
      ...{ metric: 'job_checkpoint_failures', comparator: ABOVE, limit: 1, windowMs: 60 * minute, severity: WARNING },
      summary: 'Several checkpoints of the training job have failed within an hour',
    }),
  ],
  [
    'PretrainingLongDuration',
    rule({
      ...{ metric: 'job_duration', comparator: ABOVE, limit: 240, severity: WARNING },
      summary: 'The training job has been running for more than 4 hours',
    }),
  ],
  ['InstanceCpuHigh', above('instance_cpu', 0.9, 10, WARNING, 'CPU is above 90 % for 10 minutes')],
  ['InstanceMemoryHigh', above('instance_memory', 0.9, 5, CRITICAL, 'Memory is above 90 % of its limit for 5 minutes')],
  ['InstanceDiskFull', above('instance_disk', 0.85, 0, WARNING, 'The fullest disk is above 85 %')],
  ['InstanceGpuMemoryHigh', above('instance_gpu_memory', 0.95, 5, WARNING, 'GPU memory is above 95 % for 5 minutes')],
  [
    'InstanceSilent',
    rule({
      ...{ metric: 'instance_silence', comparator: ABOVE, limit: 2, severity: CRITICAL },
      summary: 'The instance has sent no sample for 2 minutes',
    }),
  ],
]);

/**
 * What KEDA makes of a Kafka trigger, after its scaler for `type: kafka`: `pkg/scalers/kafka_scaler.go` of kedacore/keda 2.21.0
 * (`getTotalLag`, `getLagForPartition`, `getNextFactorThatBalancesConsumersToTopicPartitions`), and what a
 * HorizontalPodAutoscaler makes of that. For the settings only that the chart has: others are refused.
 */

/** A trigger of `type: kafka`, as far as it says what is read and how it is counted. */
export interface KafkaTrigger {
  readonly bootstrapServers: string;
  readonly consumerGroup: string;
  readonly topic: string;
  /** Records a pod. */
  readonly lagThreshold: number;
  /** Whether pods come in numbers only that divide the number of partitions. */
  readonly ensureEvenDistributionOfPartitions: boolean;
}

/** How far a group is in a partition. */
export interface PartitionOffsets {
  /** The group's committed position; -1 when it has committed none. */
  readonly committed: number;
  /** The position of the oldest record that retention has left. */
  readonly start: number;
  /** The position of the next record that is written. */
  readonly end: number;
}

export interface KedaReading {
  /** Records that the group has not committed, of all partitions. */
  readonly lag: number;
  /** The value of the external metric: the lag, changed by what limits the number of pods. */
  readonly metric: number;
  /** Pods that an autoscaler wants for the metric as an average value, before its tolerance and its limits. */
  readonly pods: number;
}

const computed: Readonly<Record<string, string>> = {
  offsetResetPolicy: 'earliest',
  allowIdleConsumers: 'false',
  excludePersistentLag: 'false',
  limitToPartitionsWithLag: 'false',
};
const refused = ['partitionLimitation', 'scaleToZeroOnInvalidOffset'];

/** @throws Error when the metadata has a setting that {@link kedaReading} does not compute, or lacks one. */
export function kafkaTrigger(metadata: Readonly<Record<string, string>>): KafkaTrigger {
  for (const [setting, text] of Object.entries(computed)) {
    if (metadata[setting] !== text) throw new Error(`${setting} is ${metadata[setting]}, and not ${text}`);
  }
  for (const setting of refused) if (setting in metadata) throw new Error(`${setting} is not computed here`);
  const { bootstrapServers, consumerGroup, topic } = metadata;
  const lagThreshold = Number(metadata['lagThreshold']);
  if (bootstrapServers === undefined || consumerGroup === undefined || topic === undefined || !(lagThreshold > 0))
    throw new Error(`no trigger that KEDA takes: ${JSON.stringify(metadata)}`);
  const ensureEvenDistributionOfPartitions = metadata['ensureEvenDistributionOfPartitions'] === 'true';
  return { bootstrapServers, consumerGroup, topic, lagThreshold, ensureEvenDistributionOfPartitions };
}

/** What KEDA reports of all partitions of the trigger's topic. */
export function kedaReading(trigger: KafkaTrigger, partitions: readonly PartitionOffsets[]): KedaReading {
  const { lagThreshold, ensureEvenDistributionOfPartitions: evenly } = trigger;
  let lag = 0;
  // By `earliest`, a group without a position has all of the log before it. Until 2.20 that was counted from 0, so with
  // what retention had taken.
  for (const { committed, start, end } of partitions)
    lag += committed === -1 ? Math.max(0, end - start) : end - committed;
  let metric = evenly ? evenNumber(lag, partitions.length, lagThreshold) * lagThreshold : lag;
  if (Math.floor(metric / lagThreshold) > partitions.length) metric = partitions.length * lagThreshold;
  return { lag, metric, pods: Math.ceil(metric / lagThreshold) };
}

/** The least number of pods that divides the partitions and is enough; 1 when there is no lag. */
function evenNumber(lag: number, partitions: number, lagThreshold: number): number {
  for (let pods = 1; pods < partitions; pods++) {
    if (partitions % pods === 0 && pods * lagThreshold >= lag) return pods;
  }
  return partitions;
}

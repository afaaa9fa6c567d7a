import { describe, expect, it } from '@jest/globals';
import { kafkaTrigger, kedaReading, type PartitionOffsets } from './keda-lag.js';

const metadata = {
  ...{ bootstrapServers: 'kafka:9092', consumerGroup: 'moola.live.tracker', topic: 'moola.live.observations.v1' },
  ...{ lagThreshold: '100', activationLagThreshold: '0', offsetResetPolicy: 'earliest', allowIdleConsumers: 'false' },
  ...{ excludePersistentLag: 'false', limitToPartitionsWithLag: 'false', ensureEvenDistributionOfPartitions: 'true' },
};
const even = kafkaTrigger(metadata);
const uneven = kafkaTrigger({ ...metadata, ensureEvenDistributionOfPartitions: 'false' });
/** Partitions that are read up to 1000, with so many records behind it. */
const behind = (...lags: readonly number[]): PartitionOffsets[] =>
  lags.map((lag) => ({ committed: 1000, start: 600, end: 1000 + lag }));

describe('what KEDA makes of lag', () => {
  it('adds up what is not committed of every partition', () => {
    expect(kedaReading(uneven, behind(7, 0, 120, 3))).toEqual({ lag: 130, metric: 130, pods: 2 });
  });

  it('takes all that is left of a partition of which nothing is committed', () => {
    const partitions = [{ committed: -1, start: 30, end: 70 }, { committed: -1, start: 5, end: 4 }, ...behind(2)];
    expect(kedaReading(uneven, partitions)).toMatchObject({ lag: 42 });
  });

  it('wants no more pods than there are partitions', () => {
    expect(kedaReading(uneven, behind(900, 0))).toEqual({ lag: 900, metric: 200, pods: 2 });
    expect(kedaReading(even, behind(900, 0))).toEqual({ lag: 900, metric: 200, pods: 2 });
  });

  it('wants numbers of pods only that divide the partitions', () => {
    const pods = (lag: number): number => kedaReading(even, behind(lag, 0, 0, 0, 0, 0)).pods;
    expect([0, 1, 100, 101, 200, 201, 300, 301, 600, 601].map(pods)).toEqual([1, 1, 1, 2, 2, 3, 3, 6, 6, 6]);
    expect(kedaReading(even, behind(0, 0))).toEqual({ lag: 0, metric: 100, pods: 1 });
  });

  it.each([
    [{ offsetResetPolicy: 'latest' }],
    [{ allowIdleConsumers: 'true' }],
    [{ excludePersistentLag: 'true' }],
    [{ limitToPartitionsWithLag: 'true' }],
    [{ partitionLimitation: '1-3' }],
    [{ scaleToZeroOnInvalidOffset: 'true' }],
    [{ lagThreshold: '0' }],
  ])('does not compute %j', (other) => {
    expect(() => kafkaTrigger({ ...metadata, ...other })).toThrow(Object.keys(other)[0]);
  });
});

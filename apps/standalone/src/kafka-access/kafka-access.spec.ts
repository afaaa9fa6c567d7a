import { describe, expect, it } from '@jest/globals';
import { topics } from '@moola/contracts/topics';
import { serviceNames } from '@moola/testbed/fleet';
import { chartServices } from '../helm/chart.js';
import { kafkaAccess } from './kafka-access.js';

describe('what Kafka must allow', () => {
  it('is said of every service, and every topic has who writes and who reads it', () => {
    expect(kafkaAccess.map(({ service }) => service)).toEqual(serviceNames);
    for (const { name } of Object.values(topics)) {
      const [readers, writers] = [
        kafkaAccess.filter(({ reads }) => reads.includes(name)),
        kafkaAccess.filter(({ writes }) => writes.includes(name)),
      ];
      expect([name, readers.length > 0, writers.length > 0]).toEqual([name, true, true]);
    }
  });

  it('has what the chart says that a service consumes', () => {
    for (const { name, consumes } of chartServices()) {
      const access = kafkaAccess.find(({ service }) => service === name);
      expect(access?.reads).toEqual(expect.arrayContaining(consumes.map(({ topic }) => topic)));
    }
  });
});

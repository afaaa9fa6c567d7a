import { installationTopics, topics } from '@moola/contracts/topics';
import type { ServiceName } from '@moola/testbed/fleet';

/** What the Kafka principal of a service must be allowed, beside what `everybody` must. */
export interface KafkaAccess {
  readonly service: ServiceName;
  /** Short names of topics: READ. */
  readonly reads: readonly string[];
  /** Short names of topics: WRITE. */
  readonly writes: readonly string[];
  /** What the names of its consumer groups begin with, after `moola.<environment>.`: READ. `null`: it joins none. */
  readonly groups: string | null;
}

const names = (...keys: readonly (keyof typeof topics)[]): readonly string[] => keys.map((key) => topics[key].name);

/** The one topic that all environments share. */
export const tokensTopic = installationTopics.tokens.name;

/** Each service, in the order in which data flows. `kafka-access.own.real.spec.ts` holds it against a Kafka that allows no more. */
export const kafkaAccess: readonly KafkaAccess[] = [
  {
    ...{ service: 'collector', groups: 'collector' },
    reads: names('telemetry', 'intake', 'definitions'),
    writes: names('intake', 'observations', 'signals', 'notifications', 'deadLetters'),
  },
  {
    ...{ service: 'tracker', groups: 'tracker' },
    reads: names('observations'),
    writes: names('snapshots', 'signals', 'deadLetters'),
  },
  {
    ...{ service: 'bridge', groups: 'bridge' },
    reads: names('snapshots', 'pairs'),
    writes: names('kpis', 'signals', 'deadLetters'),
  },
  {
    ...{ service: 'experiment', groups: 'experiment' },
    reads: names('observations'),
    writes: names('pairs', 'signals', 'deadLetters'),
  },
  {
    ...{ service: 'responder', groups: 'responder' },
    reads: names('signals', 'actions'),
    writes: names('signals', 'incidents', 'actions', 'notifications', 'deadLetters'),
  },
  {
    ...{ service: 'notifier', groups: 'notifier' },
    reads: names('notifications', 'deliveries'),
    writes: names('signals', 'notifications', 'deliveries', 'deadLetters'),
  },
  {
    ...{ service: 'console', groups: null },
    reads: names('snapshots', 'kpis', 'signals', 'incidents', 'definitions', 'deadLetters'),
    writes: names('telemetry', 'signals', 'definitions'),
  },
];

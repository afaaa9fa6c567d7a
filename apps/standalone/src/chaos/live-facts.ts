import { topicName, topics } from '@moola/contracts/topics';
import { AlertState } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import type { EventLog } from '@moola/streams/ports/event-log';
import { TopicTail } from '../replay/topic-tail.js';
import { bucketKey, type BucketCounts, type ModelCounts } from './telemetry-load.js';

/** What an environment's topics say in the end, each row once. */
export interface LiveFacts {
  readonly buckets: Record<string, BucketCounts>;
  readonly models: Record<string, ModelCounts>;
  /** Predictions that were counted as repeated, by model. */
  readonly duplicates: Record<string, number>;
  /** By rule, model and version: the states that it went through, with the number of each transition. */
  readonly alerts: Record<string, string[]>;
  /** Incidents opened, by model and rule. */
  readonly incidents: Record<string, number>;
}

/** Reads all facts of an environment from their beginning. */
export async function readLiveFacts(log: EventLog, environment: string): Promise<LiveFacts> {
  const buckets = new Map<string, BucketCounts & { revision: number }>();
  const models = new Map<string, ModelCounts>();
  const duplicates = new Map<string, number>();
  const alerts = new Map<string, string[]>();
  const incidents = new Map<string, number>();
  const model = (name: string): ModelCounts => {
    let counts = models.get(name);
    if (counts === undefined) models.set(name, (counts = { predictions: 0, pairs: 0, firstOnly: 0, secondOnly: 0 }));
    return counts;
  };
  const partitions = (topic: { name: string }) => log.partitionCount(topicName(environment, topic));
  for (let partition = 0; partition < (await partitions(topics.snapshots)); partition++) {
    await new TopicTail(log, environment, topics.snapshots, partition, {
      data: ({ model: name, kind }) => {
        if (kind.case === 'bucket') {
          const { version, role, startMs, revision, predictions, errors, labelled, correct } = kind.value;
          buckets.set(bucketKey(name, version, role, startMs), { revision, predictions, errors, labelled, correct });
        } else if (kind.case === 'counts') {
          model(name).predictions = kind.value.predictions;
          duplicates.set(name, kind.value.duplicates);
        } else if (kind.case === 'alert') {
          const { rule, version, transition, to } = kind.value;
          const key = `${rule} ${name} ${version}`;
          const states = alerts.get(key) ?? [];
          states.push(`${transition} ${AlertState[to]}`);
          alerts.set(key, states);
        }
      },
    }).toEnd();
  }
  await new TopicTail(log, environment, topics.signals, 0, {
    data: ({ model: name, kind }) => {
      if (kind.case !== 'comparison') return;
      const { first, pairs, firstOnly, secondOnly } = kind.value;
      const [one, two] = first === 'v1' ? [firstOnly, secondOnly] : [secondOnly, firstOnly];
      Object.assign(model(name), { pairs, firstOnly: one, secondOnly: two });
    },
  }).toEnd();
  await new TopicTail(log, environment, topics.incidents, 0, {
    data: ({ model: name, kind }) => {
      if (kind.case !== 'opened') return;
      const key = `${kind.value.rule} ${name}`;
      incidents.set(key, (incidents.get(key) ?? 0) + 1);
    },
  }).toEnd();
  const plain = [...buckets].map(([key, { predictions, errors, labelled, correct }]) => {
    return [key, { predictions, errors, labelled, correct }] as const;
  });
  return {
    buckets: sorted(plain),
    models: sorted(models),
    duplicates: sorted(duplicates),
    alerts: sorted(alerts),
    incidents: sorted(incidents),
  };
}

/** As an object whose keys are in order, so that a difference can be read. */
export function sorted<T>(entries: Iterable<readonly [string, T]>): Record<string, T> {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}

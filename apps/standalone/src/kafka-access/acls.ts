import { AclOperationTypes, ResourcePatternTypes, AclResourceTypes } from 'kafkajs';
import { installationTopicName, installationTopics, topicName } from '@moola/contracts/topics';
import type { KafkaAccess } from './kafka-access.js';

/** One thing that a principal is allowed. */
export interface Grant {
  readonly resourceType: AclResourceTypes;
  readonly resourceName: string;
  readonly resourcePatternType: ResourcePatternTypes;
  readonly operation: AclOperationTypes;
}

const { CREATE, DESCRIBE, DESCRIBE_CONFIGS, READ, WRITE } = AclOperationTypes;
const { LITERAL, PREFIXED } = ResourcePatternTypes;

/** What the principal of a service must be allowed for one environment, where the services make their topics. */
export function grantsOf({ service, reads, writes, groups }: KafkaAccess, environment: string): readonly Grant[] {
  const topic = (resourceName: string, operation: AclOperationTypes, resourcePatternType = LITERAL): Grant => ({
    ...{ resourceType: AclResourceTypes.TOPIC, resourceName, resourcePatternType, operation },
  });
  const tokens = installationTopicName(installationTopics.tokens);
  return [
    ...[DESCRIBE, DESCRIBE_CONFIGS, CREATE].map((operation) => topic('moola.', operation, PREFIXED)),
    topic(tokens, READ),
    ...(service === 'console' ? [topic(tokens, WRITE)] : []),
    ...reads.map((name) => topic(topicName(environment, { name }), READ)),
    ...writes.map((name) => topic(topicName(environment, { name }), WRITE)),
    ...(groups === null
      ? []
      : [
          {
            ...{ resourceType: AclResourceTypes.GROUP, resourceName: `moola.${environment}.${groups}` },
            ...{ resourcePatternType: PREFIXED, operation: READ },
          },
        ]),
  ];
}

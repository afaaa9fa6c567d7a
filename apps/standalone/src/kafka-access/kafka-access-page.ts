import { topics } from '@moola/contracts/topics';
import { administrationCommands, aclRule } from '@moola/streams/adapters/redis/permissions';
import { kafkaAccess } from './kafka-access.js';

/** `docs/kafka-access.md`: what each service must be allowed by Kafka and by Redis. */
export function kafkaAccessPage(): string {
  const shorts = Object.values(topics).map(({ name }) => name);
  const cell = (service: (typeof kafkaAccess)[number], topic: string): string =>
    [service.reads.includes(topic) ? 'read' : '', service.writes.includes(topic) ? 'write' : '']
      .filter((word) => word !== '')
      .join(', ');
  const table = [
    ['Topic', ...kafkaAccess.map(({ service }) => service)],
    ['---', ...kafkaAccess.map(() => '---')],
    ...shorts.map((topic) => [`\`${topic}\``, ...kafkaAccess.map((service) => cell(service, topic))]),
    ['group', ...kafkaAccess.map(({ groups }) => (groups === null ? '' : `\`${groups}\``))],
  ];
  const rule = aclRule({ servers: { kind: 'single', url: 'redis://redis:6379/0' } });
  return `# What Kafka and Redis must allow

<!-- Generated from apps/standalone/src/kafka-access by \`node tools/docs/helm.mjs\`. Do not edit. -->

One principal may serve all services; one a service lets each do its own work only. In the chart: \`kafka.sasl.username\` for
all, \`services.<name>.kafka\` for one ([helm/README.md](../helm/README.md)); elsewhere \`MOOLA_KAFKA_USERNAME\` and
\`MOOLA_KAFKA_PASSWORD_FILE\` of each process. Held against a Kafka that allows nothing else:
\`apps/standalone/src/kafka-access/kafka-access.own.real.spec.ts\`.

## Kafka

Names are \`moola.<environment>.<topic>.v1\`, and those of groups begin with \`moola.<environment>.<group>\` (pattern type PREFIXED).
READ and WRITE of each service, for every environment that it serves:

${table.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}

Beside these:

| Who                       | On                                        | Operations                                                           |
| ------------------------- | ----------------------------------------- | -------------------------------------------------------------------- |
| every service             | topics \`moola.\` (PREFIXED)                | DESCRIBE, DESCRIBE_CONFIGS: each start compares the topics           |
| every service             | topics \`moola.\` (PREFIXED)                | CREATE, unless \`MOOLA_CREATE_TOPICS\` is \`off\` (\`kafka.topics.madeBy\`) |
| every service             | topic \`moola.tokens.v1\`                   | READ; the console also WRITE                                         |
| a producer of events      | \`moola.<environment>.telemetry.v1\`        | WRITE, DESCRIBE                                                      |
| KEDA                      | groups and topics \`moola.\` (PREFIXED)     | DESCRIBE                                                             |
| \`deploy_monitoring.sh test\` | groups and topics \`moola.deployment-test\` (PREFIXED) | every service as in its own environment; the console also READ and DELETE; CLUSTER: DESCRIBE |
| \`moola tasks\`             | \`moola.<environment>.\` (PREFIXED)         | DESCRIBE, READ                                                       |

The idempotent producer needs no right beside WRITE (Kafka 2.8 and newer). So for the tracker of \`live\`:

\`\`\`sh
acls="kafka-acls.sh --bootstrap-server kafka:9092 --command-config admin.properties --add --allow-principal User:moola-tracker"
$acls --operation Describe --operation DescribeConfigs --operation Create --topic moola. --resource-pattern-type prefixed
${(kafkaAccess[1]?.reads ?? []).map((name) => `$acls --operation Read --topic moola.live.${name}.v1`).join('\n')}
$acls --operation Read --topic moola.tokens.v1
${(kafkaAccess[1]?.writes ?? []).map((name) => `$acls --operation Write --topic moola.live.${name}.v1`).join('\n')}
$acls --operation Read --group moola.live.tracker --resource-pattern-type prefixed
\`\`\`

## Redis

All keys begin with \`moola:\`. The console writes none. A user for all services:

\`\`\`
ACL SETUSER moola >password ${rule}
\`\`\`

In a Cluster, with a database other than 0, or with replicas that are waited for, further commands are needed: the error at the start names
them, with the whole rule. \`moola tasks\` also needs ${administrationCommands.map((command) => `\`+${command}\``).join(' and ')}.

A user for one service: the same rule with the keys of its tasks, and of the check at the start, in place of \`~moola:*\`; for the tracker of
\`live\`: \`~moola:{moola.live/tracker*\` \`~moola:{check/*\`.
`;
}

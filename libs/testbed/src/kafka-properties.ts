export type SecurityProtocol = 'PLAINTEXT' | 'SSL' | 'SASL_PLAINTEXT' | 'SASL_SSL';

/** Where one node of a cluster listens, and keeps its data. */
export interface KafkaNodePlace {
  readonly id: number;
  readonly controllerPort: number;
  readonly plainPort: number;
  /** Ports of the listeners asked for, by name. */
  readonly ports: Readonly<Record<string, number>>;
  readonly dataFolder: string;
}

export const localAddress = (port: number): string => `127.0.0.1:${port}`;

/** The server.properties of one node: broker and controller in one. */
export function kafkaProperties(
  node: KafkaNodePlace,
  cluster: readonly KafkaNodePlace[],
  protocols: Readonly<Record<string, SecurityProtocol>>,
  properties: Readonly<Record<string, string>>,
): string {
  const bound = Object.entries({ PLAINTEXT: node.plainPort, ...node.ports }).map(
    ([name, port]) => `${name}://${localAddress(port)}`,
  );
  const replicas = String(Math.min(3, cluster.length));
  const all: Record<string, string> = {
    'process.roles': 'broker,controller',
    'node.id': String(node.id),
    'controller.quorum.voters': cluster.map(({ id, controllerPort }) => `${id}@${localAddress(controllerPort)}`).join(),
    'controller.listener.names': 'CONTROLLER',
    listeners: [...bound, `CONTROLLER://${localAddress(node.controllerPort)}`].join(),
    'advertised.listeners': bound.join(),
    'listener.security.protocol.map': Object.entries({ PLAINTEXT: 'PLAINTEXT', CONTROLLER: 'PLAINTEXT', ...protocols })
      .map(([name, protocol]) => `${name}:${protocol}`)
      .join(),
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': node.dataFolder,
    // A broker that was killed is let in again when its former session has ended (default: 9 s).
    'broker.heartbeat.interval.ms': '500',
    'broker.session.timeout.ms': '6000',
    'auto.create.topics.enable': 'false',
    'group.initial.rebalance.delay.ms': '0',
    // A test need not wait for 6 s until a dead member is missed.
    'group.min.session.timeout.ms': '1000',
    'offsets.topic.num.partitions': '4',
    'offsets.topic.replication.factor': replicas,
    'transaction.state.log.num.partitions': '4',
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': '1',
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': '1',
    ...properties,
  };
  return Object.entries(all)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}

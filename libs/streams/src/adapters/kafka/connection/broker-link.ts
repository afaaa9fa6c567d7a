import type { KafkaConnection } from './kafkajs-client.js';

/**
 * A connection to one broker for one purpose, made when it is used and made anew after it failed. Requests go one after the
 * other: a broker answers a connection's requests in turn anyway, so what may wait long has a link of its own.
 */
export class BrokerLink {
  private connection: Promise<KafkaConnection> | null = null;
  private turn: Promise<unknown> = Promise.resolve();
  private closed = false;

  /** @param answered called with each answer */
  constructor(
    private readonly open: () => Promise<KafkaConnection>,
    private readonly answered: () => void = () => undefined,
  ) {}

  /** Whatever `request` throws closes the connection: nobody knows then what will still come over it. */
  call<T>(request: (connection: KafkaConnection) => Promise<T>): Promise<T> {
    const answer = this.turn.then(() => this.run(request));
    this.turn = answer.catch(() => undefined);
    return answer;
  }

  /** Requests under way reject. */
  close(): void {
    this.closed = true;
    this.drop();
  }

  private async run<T>(request: (connection: KafkaConnection) => Promise<T>): Promise<T> {
    if (this.closed) throw new Error('the connection was closed');
    try {
      const connection = await this.connected();
      const answer = await request(connection);
      this.answered();
      return answer;
    } catch (error) {
      this.drop();
      throw error;
    }
  }

  private async connected(): Promise<KafkaConnection> {
    const present = await this.connection;
    if (present?.isOpen) return present;
    present?.close();
    this.connection = this.open();
    const connection = await this.connection;
    if (this.closed) {
      connection.close();
      throw new Error('the connection was closed');
    }
    return connection;
  }

  private drop(): void {
    this.connection?.then((connection) => connection.close()).catch(() => undefined);
    this.connection = null;
  }
}

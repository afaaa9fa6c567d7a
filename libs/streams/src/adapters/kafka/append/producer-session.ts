import type { Cluster } from '../connection/cluster.js';
import { failUnlessNone } from '../connection/kafka-error.js';

/** An identity under which brokers tell a repeated batch from a new one (KIP-98). Each partition counts for itself. */
export interface ProducerSession {
  readonly producerId: bigint;
  readonly producerEpoch: number;
}

/** Sequences are 32 bits, without sign, and begin again at 0. */
const largestSequence = 0x7fff_ffff;

export function sequenceAfter(sequence: number, records: number): number {
  return sequence > largestSequence - records ? records - (largestSequence - sequence) - 1 : sequence + records;
}

/** The session of this process; a new one when brokers refuse it. */
export class ProducerSessions {
  private present: Promise<ProducerSession> | null = null;

  constructor(private readonly cluster: Cluster) {}

  current(): Promise<ProducerSession> {
    this.present ??= this.begin();
    return this.present;
  }

  /** Unless that has happened since. */
  async replace(refused: ProducerSession): Promise<void> {
    if ((await this.present) === refused) this.present = null;
  }

  private async begin(): Promise<ProducerSession> {
    try {
      return await this.cluster.retrying.run('a producer id', async () => {
        const parameters = { transactionalId: null, transactionTimeout: 0 };
        const answer = await this.cluster.any.call((connection) =>
          connection.call<{ errorCode: number; producerId: string; producerEpoch: number }>(
            'InitProducerId',
            parameters,
          ),
        );
        failUnlessNone(answer.errorCode, 'a producer id');
        return { producerId: BigInt(answer.producerId), producerEpoch: answer.producerEpoch };
      });
    } catch (error) {
      this.present = null;
      throw error;
    }
  }
}

import type { PartitionBounds, TopicPartition } from '../../../ports/event-log.js';
import type { Cluster } from '../connection/cluster.js';
import { byTopic, partitionName } from '../partitions.js';
import { codes, isFinal, KafkaError } from '../connection/kafka-error.js';
import { Final } from '../connection/retrying.js';

interface OffsetsAnswer {
  readonly responses: readonly {
    readonly topic: string;
    readonly partitions: readonly { readonly partition: number; readonly errorCode: number; readonly offset: string }[];
  }[];
}

interface Asked {
  readonly at: TopicPartition;
  readonly resolve: (bounds: PartitionBounds) => void;
  readonly reject: (error: unknown) => void;
}

const earliest = -2;
const latest = -1;
const committedOnly = 1;

/** What partitions hold. Questions of the same moment go together: two requests a broker, however many partitions. */
export class BoundsQuery {
  private asked: Asked[] = [];

  constructor(private readonly cluster: Cluster) {}

  /** @throws {UnknownTopicError} */
  of(at: TopicPartition): Promise<PartitionBounds> {
    return this.cluster.retrying.run(`bounds of ${partitionName(at)}`, async () => {
      await this.leader(at);
      try {
        return await this.ask(at);
      } catch (error) {
        if (!isFinal(error)) await this.cluster.refresh(at.topic);
        throw error;
      }
    });
  }

  private async leader(at: TopicPartition): Promise<number> {
    const count = await this.cluster.partitionCount(at.topic).catch((error: Error) => {
      throw new Final(error);
    });
    if (at.partition < 0 || at.partition >= count) {
      throw new RangeError(`topic ${at.topic} has ${count} partitions: there is no ${at.partition}`);
    }
    const leader = this.cluster.leaderOf(at);
    if (leader !== null) return leader;
    await this.cluster.refresh(at.topic);
    throw new KafkaError(codes.leaderNotAvailable, `${at.topic}/${at.partition}`);
  }

  private ask(at: TopicPartition): Promise<PartitionBounds> {
    return new Promise((resolve, reject) => {
      if (this.asked.length === 0) setImmediate(() => this.send());
      this.asked.push({ at, resolve, reject });
    });
  }

  private send(): void {
    const byLeader = new Map<number, Asked[]>();
    for (const asked of this.asked.splice(0)) {
      const leader = this.cluster.leaderOf(asked.at);
      if (leader === null) asked.reject(new KafkaError(codes.leaderNotAvailable, asked.at.topic));
      else byLeader.set(leader, [...(byLeader.get(leader) ?? []), asked]);
    }
    for (const [leader, questions] of byLeader) void this.answer(leader, questions);
  }

  private async answer(leader: number, questions: readonly Asked[]): Promise<void> {
    try {
      const [first, next] = await Promise.all([
        this.offsets(leader, questions, earliest),
        this.offsets(leader, questions, latest),
      ]);
      for (const { at, resolve, reject } of questions) {
        const [from, to] = [first.get(partitionName(at)), next.get(partitionName(at))];
        const errorCode = from?.errorCode || to?.errorCode || codes.none;
        if (!from || !to || errorCode !== codes.none)
          reject(new KafkaError(errorCode, `bounds of ${partitionName(at)}`));
        else resolve({ first: Number(from.offset), next: Number(to.offset) });
      }
    } catch (error) {
      for (const { reject } of questions) reject(error);
    }
  }

  private async offsets(leader: number, questions: readonly Asked[], timestamp: number) {
    // A partition that several ask about is asked about once.
    const asked = new Map(questions.map(({ at }) => [partitionName(at), at]));
    const { responses } = await this.cluster.of(leader).call((connection) =>
      connection.call<OffsetsAnswer>('ListOffsets', {
        isolationLevel: committedOnly,
        topics: byTopic(asked.values()).map(([topic, partitions]) => ({
          topic,
          partitions: partitions.map(({ partition }) => ({ partition, timestamp })),
        })),
      }),
    );
    return new Map(
      responses.flatMap(({ topic, partitions }) =>
        partitions.map((answer) => [partitionName({ topic, partition: answer.partition }), answer] as const),
      ),
    );
  }
}

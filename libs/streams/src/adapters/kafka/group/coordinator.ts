import type { BrokerLink } from '../connection/broker-link.js';
import type { Cluster } from '../connection/cluster.js';
import { codes, codeOf, failUnlessNone } from '../connection/kafka-error.js';
import type { BrokerAddress } from '../connection/kafkajs-client.js';
import { protocolType, assignerName } from './group-protocol.js';

/** Who asks: a member of a generation. */
export interface Identity {
  readonly memberId: string;
  readonly generation: number;
}

export interface Joined extends Identity {
  /** Of all members, if this one is to assign; else `null`. */
  readonly members: readonly { readonly memberId: string; readonly memberMetadata: Buffer }[] | null;
}

interface JoinAnswer {
  readonly errorCode: number;
  readonly generationId: number;
  readonly leaderId: string;
  readonly memberId: string;
  readonly members: readonly { memberId: string; memberMetadata: Buffer }[];
}

interface Links {
  /** Where joining waits for the other members. */
  readonly joins: BrokerLink;
  /** Heartbeats and whatever else is answered at once. */
  readonly beats: BrokerLink;
}

/** Lost its coordinator, or is asked too early: another may have to be found. */
const elsewhere = new Set<number | null>([
  null, // No answer at all.
  codes.coordinatorLoading,
  codes.coordinatorNotAvailable,
  codes.notCoordinator,
]);

/** The broker that coordinates a group, found when it is needed and found anew when it has moved. */
export class Coordinator {
  private links: Promise<Links> | null = null;
  private closed = false;

  constructor(
    private readonly cluster: Cluster,
    private readonly group: string,
    private readonly topic: string,
  ) {}

  /**
   * Waits until the other members have joined too, or were given up.
   * @param known tells a new member's id as soon as the coordinator has given it one.
   */
  async join(memberId: string, subscription: Buffer, known: (memberId: string) => void): Promise<Joined> {
    const { sessionTimeoutMs } = this.cluster.settings;
    const answer = await this.ask('joins', async (link) => {
      const parameters = {
        groupId: this.group,
        sessionTimeout: sessionTimeoutMs,
        rebalanceTimeout: sessionTimeoutMs,
        memberId,
        protocolType,
        groupProtocols: [{ name: assignerName, metadata: subscription }],
      };
      const first = await link.call((connection) => connection.call<JoinAnswer>('JoinGroup', parameters));
      if (first.errorCode !== codes.memberIdRequired) return first;
      known(first.memberId);
      const again = { ...parameters, memberId: first.memberId };
      return link.call((connection) => connection.call<JoinAnswer>('JoinGroup', again));
    });
    const { generationId, leaderId, members } = answer;
    const isLeader = leaderId === answer.memberId;
    return { memberId: answer.memberId, generation: generationId, members: isLeader ? members : null };
  }

  /** @param assignments of all members, from the one that assigns; else none. */
  async sync(identity: Identity, assignments: ReadonlyMap<string, Buffer>): Promise<Buffer | null> {
    const answer = await this.ask('joins', (link) =>
      link.call((connection) =>
        connection.call<{ errorCode: number; memberAssignment: Buffer | null }>('SyncGroup', {
          groupId: this.group,
          generationId: identity.generation,
          memberId: identity.memberId,
          groupAssignment: [...assignments].map(([memberId, memberAssignment]) => ({ memberId, memberAssignment })),
        }),
      ),
    );
    return answer.memberAssignment;
  }

  async heartbeat(identity: Identity): Promise<void> {
    await this.ask('beats', (link) =>
      link.call((connection) =>
        connection.call<{ errorCode: number }>('Heartbeat', {
          groupId: this.group,
          groupGenerationId: identity.generation,
          memberId: identity.memberId,
        }),
      ),
    );
  }

  async leave(memberId: string): Promise<void> {
    await this.ask('beats', (link) =>
      link.call((connection) =>
        connection.call<{ errorCode: number }>('LeaveGroup', { groupId: this.group, memberId }),
      ),
    );
  }

  async commit(identity: Identity, positions: ReadonlyMap<number, number>): Promise<void> {
    const partitions = [...positions].map(([partition, offset]) => ({ partition, offset }));
    await this.ask('beats', async (link) => {
      const answer = await link.call((connection) =>
        connection.call<{ responses: readonly { partitions: readonly { errorCode: number }[] }[] }>('OffsetCommit', {
          groupId: this.group,
          groupGenerationId: identity.generation,
          memberId: identity.memberId,
          topics: [{ topic: this.topic, partitions }],
        }),
      );
      const errors = answer.responses.flatMap((topic) => topic.partitions.map(({ errorCode }) => errorCode));
      return { errorCode: errors.find((code) => code !== codes.none) ?? codes.none };
    });
  }

  /** `null` if nothing was committed. */
  async committed(partition: number): Promise<number | null> {
    const answer = await this.ask('beats', async (link) => {
      const { responses, errorCode } = await link.call((connection) =>
        connection.call<{
          errorCode: number;
          responses: readonly { partitions: readonly { offset: string; errorCode: number }[] }[];
        }>('OffsetFetch', { groupId: this.group, topics: [{ topic: this.topic, partitions: [{ partition }] }] }),
      );
      const found = responses[0]?.partitions[0];
      return { errorCode: errorCode || (found?.errorCode ?? codes.none), offset: Number(found?.offset ?? -1) };
    });
    return answer.offset < 0 ? null : answer.offset;
  }

  close(): void {
    this.closed = true;
    this.forget();
  }

  private async ask<A extends { readonly errorCode: number }>(
    which: keyof Links,
    request: (link: BrokerLink) => Promise<A>,
  ): Promise<A> {
    const links = this.links ?? (this.links = this.find());
    try {
      const answer = await request((await links)[which]);
      failUnlessNone(answer.errorCode, `group ${this.group}`);
      return answer;
    } catch (error) {
      if (elsewhere.has(codeOf(error)) && this.links === links) this.forget();
      throw error;
    }
  }

  private async find(): Promise<Links> {
    if (this.closed) throw new Error(`group ${this.group}: closed`);
    const answer = await this.cluster.any.call((connection) =>
      connection.call<{ errorCode: number; errorMessage?: string; coordinator: BrokerAddress }>('GroupCoordinator', {
        groupId: this.group,
        coordinatorType: 0,
      }),
    );
    failUnlessNone(answer.errorCode, `coordinator of group ${this.group}`, answer.errorMessage ?? null);
    const { host, port } = answer.coordinator;
    return { joins: this.cluster.linkTo({ host, port }), beats: this.cluster.linkTo({ host, port }) };
  }

  private forget(): void {
    this.links
      ?.then(({ joins, beats }) => {
        joins.close();
        beats.close();
      })
      .catch(() => undefined);
    this.links = null;
  }
}

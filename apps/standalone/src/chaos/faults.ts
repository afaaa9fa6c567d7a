import { setTimeout as wait } from 'node:timers/promises';
import type { Random } from '@moola/streams/adapters/simulated/random';
import { serviceNames, type Fleet, type ServiceProcess } from '@moola/testbed/fleet';
import type { KafkaServer } from '@moola/testbed/kafka';
import type { RedisServer } from '@moola/testbed/redis';

export const faultKinds = [
  ...['kill', 'pause', 'add', 'remove', 'restart-broker', 'kill-broker', 'kill-redis', 'set-redis-back'],
] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface FaultSettings {
  readonly fleet: Fleet;
  readonly kafka: KafkaServer;
  readonly redis: RedisServer;
  readonly random: Random;
  /** Of the group members, in milliseconds: a pause lasts longer. */
  readonly sessionTimeoutMs: number;
  /** Instances of each service at the beginning. */
  readonly instances: number;
  readonly say: (line: string) => void;
}

/** How often each fault happens, in an order that the seed gives. */
export type FaultPlan = Readonly<Record<FaultKind, number>>;

/** Does one fault after the other to a running fleet; every process that it ends, it starts again. */
export class Faults {
  readonly done = new Map<FaultKind, number>();

  constructor(private readonly settings: FaultSettings) {}

  async run(plan: FaultPlan, until: AbortSignal): Promise<void> {
    const { random, say } = this.settings;
    const order = random.shuffled(faultKinds.flatMap((kind) => Array.from({ length: plan[kind] }, () => kind)));
    for (const [index, kind] of order.entries()) {
      await wait(200 + random.below(2500), undefined, { signal: until });
      say(`fault ${index + 1} of ${order.length}: ${kind}`);
      await this.inflict(kind);
      this.done.set(kind, (this.done.get(kind) ?? 0) + 1);
    }
  }

  private async inflict(kind: FaultKind): Promise<void> {
    const { fleet, kafka, redis, random, sessionTimeoutMs, instances } = this.settings;
    switch (kind) {
      case 'kill': {
        const victim = this.victim();
        await victim.kill();
        await wait(random.below(2) * random.below(3000));
        return victim.start();
      }
      case 'pause': {
        const victim = this.victim();
        victim.pause();
        await wait(sessionTimeoutMs + 1000 + random.below(3000));
        return victim.resume();
      }
      case 'add': {
        await fleet.add(random.pick(serviceNames.filter((name) => name !== 'console')) ?? 'tracker');
        return;
      }
      case 'remove': {
        const crowded = serviceNames.filter((name) => fleet.of(name).length > instances);
        const service = random.pick(crowded) ?? random.pick(serviceNames) ?? 'tracker';
        const victim = random.pick(fleet.of(service)) as ServiceProcess;
        await victim.stop();
        if (crowded.length === 0) return victim.start();
        return fleet.remove(victim);
      }
      case 'restart-broker':
        return kafka.restart();
      case 'kill-broker':
        await kafka.kill();
        return kafka.restart();
      case 'kill-redis':
        await redis.kill();
        return redis.restart();
      case 'set-redis-back': {
        const snapshot = redis.snapshot();
        await wait(1000 + random.below(4000));
        return redis.restoreSnapshot(snapshot);
      }
    }
  }

  private victim(): ServiceProcess {
    const { fleet, random } = this.settings;
    return random.pick(fleet.processes.filter(({ isRunning }) => isRunning)) as ServiceProcess;
  }
}

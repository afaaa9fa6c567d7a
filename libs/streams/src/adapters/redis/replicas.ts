import { Cluster, Command } from 'ioredis';
import type { TaskId } from '../../ports/checkpoint-store.js';
import type { RedisConnection } from './connection.js';
import type { RedisNotices } from './notices.js';
import type { EffectiveSettings } from './settings.js';
import type { TaskKeys } from './task-keys.js';

/** Waits until replicas have what was just written for a task; too few within the time give a notice. */
export async function waitForReplicas(
  connection: RedisConnection,
  task: TaskId,
  keys: TaskKeys,
  settings: EffectiveSettings,
  notices: RedisNotices,
): Promise<void> {
  const { replicasToWaitFor: wanted, replicaTimeoutMs } = settings;
  const wait = new Command('wait', [wanted, replicaTimeoutMs]);
  // WAIT names no key, so a cluster has to be told which node is meant.
  const slot = new Command('hget', [keys.head, 'token']).getSlot();
  const reached = await connection
    .run(`wait for replicas of ${task}`, async (client) =>
      client instanceof Cluster ? client.sendCommand(wait, undefined, { slot }) : client.sendCommand(wait),
    )
    // The checkpoint is saved: nobody may hear that its answer is missing.
    .then(Number, () => 0);
  if (reached >= wanted) return;
  notices({
    kind: 'replicas-behind',
    task,
    reached,
    wanted,
    message:
      `Redis at ${connection.address}: a save of ${task} reached ${reached} of ${wanted} replicas within ` +
      `${replicaTimeoutMs} ms; a failover now would go back behind it`,
  });
}

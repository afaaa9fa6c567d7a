import { randomUUID } from 'node:crypto';
import { readServiceSettings } from '@moola/platform/service/read-service-settings';
import { readSettingFile } from '@moola/platform/settings/settings-file';
import { redisSettings } from '@moola/platform/service/redis-settings';
import type { Variables } from '@moola/platform/service/service';
import { beginEpoch } from '@moola/streams/task/begin-epoch';
import { openRedisAdministration, type StoredTask } from '@moola/streams/adapters/redis/administration';
import { openRedisStore } from '@moola/streams/adapters/redis/open-redis-store';
import type { RedisSettings } from '@moola/streams/adapters/redis/settings';

export type { StoredTask };

/** All that is wrong, a line each. */
type Refusal = { readonly ok: false; readonly problems: readonly string[] };

const notices = (): void => undefined;

/** The tasks whose ids begin with `prefix`, as Redis knows them. */
export function listTasks(
  prefix: string,
  variables: Variables,
): Promise<{ readonly ok: true; readonly tasks: readonly StoredTask[] } | Refusal> {
  return onRedis(variables, async (settings) => {
    const administration = await openRedisAdministration(settings, { notices });
    try {
      return { ok: true, tasks: await administration.tasks(prefix) };
    } finally {
      await administration.close();
    }
  });
}

/** Lets a task begin with a topic that was made anew: see `beginEpoch`. */
export function newEpoch(
  task: string,
  variables: Variables,
): Promise<{ readonly ok: true; readonly epoch: number; readonly keptEntries: number } | Refusal> {
  return onRedis(variables, async (settings) => {
    const administration = await openRedisAdministration(settings, { notices });
    const store = await openRedisStore(settings, { notices });
    try {
      const known = (await administration.tasks(task)).some((each) => each.task === task);
      if (!known) return { ok: false, problems: [`Redis knows no task ${task}: "moola tasks list" names them`] };
      const begun = await beginEpoch(store, task, randomUUID());
      if (begun.begun) return { ok: true, epoch: begun.epoch, keptEntries: begun.keptEntries };
      return {
        ok: false,
        problems: [`${task} was taken back by its owner in the same moment: stop it, and try again`],
      };
    } finally {
      await store.close();
      await administration.close();
    }
  });
}

async function onRedis<T>(
  variables: Variables,
  run: (settings: RedisSettings) => Promise<T | Refusal>,
): Promise<T | Refusal> {
  if (variables['MOOLA_MODE'] !== 'distributed') {
    const detail =
      'tasks are kept in Redis by a distributed installation: set MOOLA_MODE=distributed and MOOLA_REDIS_URL';
    return { ok: false, problems: [`${detail} (one process keeps its tasks in its data folder)`] };
  }
  const read = readServiceSettings({ settings: {}, otherVariables: /./ }, variables, readSettingFile);
  if (!read.ok) return read;
  try {
    return await run(redisSettings(read.settings));
  } catch (error) {
    return { ok: false, problems: [(error as Error).message] };
  }
}

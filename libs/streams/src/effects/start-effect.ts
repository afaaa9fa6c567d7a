import { topicName } from '@moola/contracts/topic-name';
import type { EffectSettings } from './effect.js';
import { EffectTask } from './effect-task.js';
import { groupName, runGroup, taskId, type RunningTasks } from '../task/run-group.js';
import { noEffectMetrics } from '../task/task-observer.js';

/**
 * Joins the effect's group, and performs the intents of every partition that is assigned to this process. The checkpoint of
 * a partition is its lowest intent whose result is not published, and it is committed to the log.
 *
 * When the store is lost, flushed or set back, the effect goes on at what was committed: the records before it were done,
 * and are read without being performed, so that a producer whose own store went back, and which sends the same intents once
 * more, is known by its positions to repeat itself. What this cannot cover:
 *
 * - Intents behind the committed position that were done already, out of order, are performed once more: at the most
 *   as many as `concurrency`, under the same key.
 * - When the log no longer holds a source's last intent, a repetition of it looks new. Intents that are worth nothing later
 *   therefore carry an expiry (`expires_after_ms`), and `perform` answers them `expired` without touching the world.
 */
export async function startEffect<Intent>(settings: EffectSettings<Intent>): Promise<RunningTasks> {
  const { log, environment, name } = settings;
  const topic = topicName(environment, settings.topic);
  return runGroup(log, settings.group ?? groupName(environment, name), topic, (partition, dependencies) => {
    return new EffectTask({
      ...settings,
      id: taskId(environment, name, partition),
      input: { topic, partition },
      concurrency: settings.concurrency ?? 8,
      retryMs: settings.retryMs ?? 1000,
      metrics: settings.effectMetrics?.(name) ?? noEffectMetrics,
      ...dependencies,
    });
  });
}

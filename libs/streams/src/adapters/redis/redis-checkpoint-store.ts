import { randomInt } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type {
  AcquiredCheckpoint,
  CheckpointSave,
  CheckpointStore,
  SaveResult,
  TaskId,
} from '../../ports/checkpoint-store.js';
import { readEntries, readHead } from './checkpoint-reader.js';
import type { RedisConnection, ScriptArgument } from './connection.js';
import { RedisStoreError } from './errors.js';
import type { RedisNotices } from './notices.js';
import { foldOverlay, isLarge, saveByOverlay, type Written } from './overlay.js';
import { waitForReplicas } from './replicas.js';
import type { EffectiveSettings } from './settings.js';
import { taskKeys, type TaskKeys } from './task-keys.js';
import { Turns } from './turns.js';

/** How often an acquisition starts over because others acquire the same task. */
const acquireAttempts = 20;
const loadsAtOnce = 4;

/** Checkpoints in Redis: see `scripts.ts` for what lies there, and for what is compared when. */
export class RedisCheckpointStore implements CheckpointStore {
  private readonly saves: Turns;
  private readonly loads = new Turns(loadsAtOnce);

  constructor(
    private readonly connection: RedisConnection,
    private readonly settings: EffectiveSettings,
    private readonly notices: RedisNotices,
  ) {
    this.saves = new Turns(settings.savesAtOnce);
  }

  /** Round trips to Redis since the store was opened: a checkpoint that fits into one script costs one. */
  get roundTrips(): number {
    return this.connection.roundTrips;
  }

  /** @throws {RedisStoreError} */
  async acquire(task: TaskId, token: string): Promise<AcquiredCheckpoint> {
    const keys = taskKeys(this.settings.keyPrefix, task);
    for (let attempt = 1; attempt <= acquireAttempts; attempt++) {
      const acquired = await this.loads.take(() => this.tryAcquire(task, keys, token));
      if (acquired !== 'changed') return acquired;
      // Two that go on at the same pace would take it from each other for ever.
      await setTimeout(randomInt(5 * attempt));
    }
    throw new RedisStoreError(
      'contended',
      `Redis at ${this.connection.address}: cannot acquire ${task}: it changed hands ${acquireAttempts} times meanwhile`,
    );
  }

  /** @throws {RedisStoreError} */
  save(task: TaskId, save: CheckpointSave): Promise<SaveResult> {
    return this.saves.take(async () => {
      const doing = `save ${task}`;
      const keys = taskKeys(this.settings.keyPrefix, task);
      let written = await this.write(doing, keys, save);
      if (written === 'overlay') {
        const folded = await foldOverlay(this.connection, doing, keys, save.token);
        written = folded === 'folded' ? await this.write(doing, keys, save) : 'fenced';
      }
      if (written !== 'saved') return { saved: false, reason: 'fenced' };
      if (this.settings.replicasToWaitFor > 0)
        await waitForReplicas(this.connection, task, keys, this.settings, this.notices);
      return { saved: true, sequence: save.buildsOn + 1 };
    });
  }

  /** @throws {RedisStoreError} */
  async owns(task: TaskId, token: string): Promise<boolean> {
    const { head } = taskKeys(this.settings.keyPrefix, task);
    return (await this.connection.run(`ask who owns ${task}`, (client) => client.hget(head, 'token'))) === token;
  }

  /** For readiness: asks for something that is not there. @throws {RedisStoreError} when no answer comes */
  async check(): Promise<void> {
    const { head } = taskKeys(this.settings.keyPrefix, 'check/answers');
    await this.connection.run('ask whether it answers', (client) => client.hget(head, 'token'));
  }

  close(): Promise<void> {
    return this.connection.close();
  }

  private async write(doing: string, keys: TaskKeys, save: CheckpointSave): Promise<Written> {
    const { connection, settings } = this;
    if (isLarge(save)) {
      const written = await saveByOverlay(connection, doing, keys, save, settings.abandonedAfterMs);
      // The checkpoint stands: what fails here, the next save or a successor does.
      if (written === 'saved') await foldOverlay(connection, doing, keys, save.token).catch(() => undefined);
      return written;
    }
    const puts: ScriptArgument[] = [];
    const deletions: string[] = [];
    for (const [key, value] of save.changes) {
      if (value === null) deletions.push(key);
      else puts.push(key, Buffer.from(value.buffer, value.byteOffset, value.byteLength));
    }
    const { token, buildsOn, position } = save;
    const [answer] = await connection.script(doing, 'save', keys, [
      ...[token, buildsOn, buildsOn + 1, position, settings.abandonedAfterMs, puts.length],
      ...puts,
      ...deletions,
    ]);
    return answer === 'saved' || answer === 'overlay' ? answer : 'fenced';
  }

  private async tryAcquire(task: TaskId, keys: TaskKeys, token: string): Promise<AcquiredCheckpoint | 'changed'> {
    const { connection, settings } = this;
    const doing = `acquire ${task}`;
    const begun = await connection.script(doing, 'acquire', keys, [token, settings.abandonedAfterMs]);
    const [state, sequence, position, overlay] = begun as [string, string, string, string];
    if (state === 'newer')
      throw new RedisStoreError(
        'newer',
        `Redis at ${connection.address}: cannot ${doing}: it has format ${sequence}; run the version that wrote it, or a newer one`,
      );
    if (overlay !== '0') {
      const folded = await foldOverlay(connection, doing, keys, token);
      if (folded === 'damaged') return this.startFromNothing(task, keys, token);
      if (folded === 'fenced') return 'changed';
    }
    const entries = await readEntries(connection, doing, keys);
    const after = await readHead(connection, doing, keys);
    if (after.token !== token || after.sequence !== Number(sequence) || after.overlay > 0) return 'changed';
    if (sequence === '') return { checkpoint: null };
    if (entries.size !== after.count) {
      // A restart while the entries were read makes a scan miss some; then all are there.
      const stored = await connection.run(doing, (client) => client.hlen(keys.entries));
      return stored === after.count ? 'changed' : this.startFromNothing(task, keys, token);
    }
    return { checkpoint: { sequence: after.sequence, position: Number(position), entries } };
  }

  private async startFromNothing(task: TaskId, keys: TaskKeys, token: string): Promise<AcquiredCheckpoint | 'changed'> {
    const [answer] = await this.connection.script(`acquire ${task}`, 'reset', keys, [token]);
    if (answer !== 'removed') return 'changed';
    this.notices({
      kind: 'checkpoint-damaged',
      task,
      message:
        `Redis at ${this.connection.address}: entries of ${task} are gone, by eviction or by hand; it starts from ` +
        `nothing. Set maxmemory-policy to noeviction`,
    });
    return { checkpoint: null };
  }
}

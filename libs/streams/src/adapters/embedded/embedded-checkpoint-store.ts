import { setImmediate } from 'node:timers/promises';
import type {
  AcquiredCheckpoint,
  CheckpointSave,
  CheckpointStore,
  SaveResult,
  TaskId,
} from '../../ports/checkpoint-store.js';
import type { CommitQueue } from './commit-queue.js';
import { decodeEntry, entryKey, entryValue, firstEntryKey } from './entry-key.js';
import type { Environment, Tree } from './environment.js';
import { TaskHead } from './task-head.js';

/** Entries are loaded in portions of about this size, so that a large state does not stop the process. */
const portionBytes = 4 * 1024 * 1024;

/** Checkpoints in the same environment as the log: a head a task, and its entries behind the task's number. */
export class EmbeddedCheckpointStore implements CheckpointStore {
  private readonly heads: Tree;
  private readonly entries: Tree;
  private readonly tasks = new Map<TaskId, TaskHead>();
  private nextNumber = 1;

  constructor(
    environment: Environment,
    private readonly queue: CommitQueue,
  ) {
    this.heads = environment.tree('tasks');
    this.entries = environment.tree('entries');
    for (const { key, value } of this.heads.getRange({ start: Buffer.from([0]) })) {
      const task = key.toString('utf8');
      const head = TaskHead.decode(this.heads, task, value);
      this.tasks.set(task, head);
      this.nextNumber = Math.max(this.nextNumber, head.number + 1);
    }
  }

  async acquire(task: TaskId, token: string): Promise<AcquiredCheckpoint> {
    for (;;) {
      const head = this.head(task);
      await this.queue.submit({ origin: 'inside', bytes: 256, plan: (commit) => head.setToken(token, commit) });
      const { sequence, position } = head;
      const entries = await this.load(head.number);
      if (head.token !== token || head.sequence !== sequence) continue;
      return { checkpoint: sequence === 0 ? null : { sequence, position, entries } };
    }
  }

  save(task: TaskId, save: CheckpointSave): Promise<SaveResult> {
    const head = this.head(task);
    let bytes = 256;
    for (const [key, value] of save.changes) bytes += key.length + (value?.length ?? 0);
    return this.queue.submit<SaveResult>({
      origin: 'inside',
      bytes,
      plan: (commit) => {
        const sequence = head.advance(save, commit);
        if (sequence === null) return { saved: false, reason: 'fenced' };
        for (const [key, value] of save.changes) {
          const at = entryKey(head.number, key);
          commit.issued(value === null ? this.entries.remove(at) : this.entries.put(at, entryValue(key, value)));
        }
        return { saved: true, sequence };
      },
    });
  }

  async owns(task: TaskId, token: string): Promise<boolean> {
    return this.tasks.get(task)?.token === token;
  }

  async close(): Promise<void> {
    await Promise.resolve();
  }

  private head(task: TaskId): TaskHead {
    let head = this.tasks.get(task);
    if (!head) {
      head = new TaskHead(this.heads, task, this.nextNumber++);
      this.tasks.set(task, head);
    }
    return head;
  }

  private async load(task: number): Promise<Map<string, Uint8Array>> {
    const found = new Map<string, Uint8Array>();
    const end = firstEntryKey(task + 1);
    let start: Buffer | null = firstEntryKey(task);
    while (start !== null) {
      let bytes = 0;
      let resume: Buffer | null = null;
      for (const entry of this.entries.getRange({ start, end })) {
        if (bytes > portionBytes) {
          resume = entry.key;
          break;
        }
        found.set(...decodeEntry(entry));
        bytes += entry.value.length;
      }
      start = resume;
      if (start !== null) await setImmediate();
    }
    return found;
  }
}

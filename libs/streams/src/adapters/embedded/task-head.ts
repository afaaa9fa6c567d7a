import type { CheckpointSave, TaskId } from '../../ports/checkpoint-store.js';
import type { Commit, Participant } from './commit-queue.js';
import type { Tree } from './environment.js';

interface HeadValues {
  /** `null` before the first acquisition: no token equals it. */
  readonly token: string | null;
  readonly sequence: number;
  readonly position: number;
}

/** Who owns a task, and how far its state is. What is committed, and beside it what the commit under way makes of it. */
export class TaskHead implements Participant {
  private stored: HeadValues = { token: null, sequence: 0, position: 0 };
  private planned: HeadValues | null = null;

  constructor(
    private readonly tree: Tree,
    private readonly task: TaskId,
    /** Short name of the task in the keys of its entries. */
    readonly number: number,
  ) {}

  static decode(tree: Tree, task: TaskId, bytes: Buffer): TaskHead {
    const { number, ...values } = JSON.parse(bytes.toString('utf8')) as HeadValues & { readonly number: number };
    const head = new TaskHead(tree, task, number);
    head.stored = values;
    return head;
  }

  get token(): string | null {
    return this.stored.token;
  }

  get sequence(): number {
    return this.stored.sequence;
  }

  get position(): number {
    return this.stored.position;
  }

  setToken(token: string, commit: Commit): void {
    this.plan({ ...this.latest, token }, commit);
  }

  /** The next sequence; `null` when the save comes from another owner or builds on another state. */
  advance(save: CheckpointSave, commit: Commit): number | null {
    const { token, sequence } = this.latest;
    if (save.token !== token || save.buildsOn !== sequence) return null;
    this.plan({ token, sequence: sequence + 1, position: save.position }, commit);
    return sequence + 1;
  }

  private get latest(): HeadValues {
    return this.planned ?? this.stored;
  }

  private plan(values: HeadValues, commit: Commit): void {
    this.planned = values;
    commit.join(this);
  }

  write(commit: Commit): void {
    const bytes = Buffer.from(JSON.stringify({ number: this.number, ...this.latest }));
    commit.issued(this.tree.put(Buffer.from(this.task), bytes));
  }

  committed(): void {
    this.stored = this.latest;
    this.planned = null;
  }

  aborted(): void {
    this.planned = null;
  }
}

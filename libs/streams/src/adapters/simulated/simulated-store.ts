import type {
  AcquiredCheckpoint,
  CheckpointSave,
  CheckpointStore,
  SaveResult,
  TaskId,
} from '../../ports/checkpoint-store.js';
import type { Process, Simulation } from './simulation.js';

interface Stored {
  /** `null`: nobody has acquired the task yet. */
  readonly token: string | null;
  readonly sequence: number;
  readonly position: number;
  readonly entries: ReadonlyMap<string, Uint8Array>;
}

const nothing: Stored = { token: null, sequence: 0, position: 0, entries: new Map() };

/** The checkpoint store of a simulation: what all its processes see. It can go back in time. */
export class SimulatedStore {
  private readonly tasks = new Map<TaskId, Stored>();
  private readonly history = new Map<TaskId, Stored[]>();
  /** How often it went back: a server that does has lost its connections, and whoever was reading begins again. */
  setBacks = 0;

  constructor(private readonly simulation: Simulation) {}

  get(task: TaskId): Stored {
    return this.tasks.get(task) ?? nothing;
  }

  put(task: TaskId, stored: Stored): void {
    const before = this.history.get(task) ?? [];
    before.push(this.get(task));
    this.history.set(task, before);
    this.tasks.set(task, stored);
  }

  /** Sets one task back to an older state, or to none. False when there is none yet. */
  goBack(): boolean {
    const { random } = this.simulation;
    const task = random.pick([...this.history.keys()]);
    const before = task === undefined ? undefined : this.history.get(task);
    if (task === undefined || before === undefined || before.length === 0) return false;
    const earlier = random.chance(0.8) ? Math.max(0, before.length - 1 - random.below(4)) : 0;
    const stored = before[earlier] as Stored;
    const wentBack = stored.sequence < this.get(task).sequence;
    before.length = earlier;
    this.tasks.set(task, stored);
    this.setBacks++;
    return wentBack;
  }

  /** Forgets every task. */
  flush(): void {
    this.tasks.clear();
    this.history.clear();
  }

  /** The store as one process reaches it, with its lost answers. */
  of(process: Process): CheckpointStore {
    return new ProcessStore(this, this.simulation, process);
  }
}

class ProcessStore implements CheckpointStore {
  constructor(
    private readonly shared: SimulatedStore,
    private readonly simulation: Simulation,
    private readonly process: Process,
  ) {}

  async acquire(task: TaskId, token: string): Promise<AcquiredCheckpoint> {
    const { shared, simulation } = this;
    for (;;) {
      await this.answered();
      shared.put(task, { ...shared.get(task), token });
      if (simulation.fault(simulation.faults.saveLost)) throw new Error('the answer of an acquisition was lost');
      await this.answered();
      const { sequence, position } = shared.get(task);
      const { setBacks } = shared;
      // Entries come in two reads: a large state does not come in one.
      const entries = new Map<string, Uint8Array>();
      for (const half of [0, 1]) {
        await this.answered();
        for (const [key, bytes] of shared.get(task).entries) {
          if (key.length % 2 === half) entries.set(key, bytes.slice());
        }
      }
      await this.answered();
      const after = shared.get(task);
      if (after.token !== token || after.sequence !== sequence || shared.setBacks !== setBacks) {
        simulation.counts.acquisitionsStartedOver++;
        continue;
      }
      if (sequence === 0) return { checkpoint: null };
      simulation.counts.restores++;
      return { checkpoint: { sequence, position, entries: new Map(simulation.random.shuffled(entries)) } };
    }
  }

  async save(task: TaskId, save: CheckpointSave): Promise<SaveResult> {
    const { simulation } = this;
    const { counts, faults, random } = simulation;
    const changes = new Map([...save.changes].map(([key, bytes]) => [key, bytes?.slice() ?? null]));
    await this.answered(() => {
      if (random.chance(0.5))
        simulation.add({ process: null, kind: 'late', run: () => this.write(task, { ...save, changes }) });
    });
    if (!simulation.fault(faults.saveLost)) return this.write(task, { ...save, changes });
    if (random.chance(0.5)) {
      counts.savesLostNotApplied++;
    } else {
      counts.savesLostApplied++;
      this.write(task, { ...save, changes });
    }
    throw new Error('the answer of a save was lost');
  }

  async owns(task: TaskId, token: string): Promise<boolean> {
    await this.answered();
    return this.shared.get(task).token === token;
  }

  async close(): Promise<void> {
    await this.answered();
  }

  private write(task: TaskId, save: CheckpointSave): SaveResult {
    const stored = this.shared.get(task);
    if (stored.token !== save.token || stored.sequence !== save.buildsOn) {
      this.simulation.counts.savesFenced++;
      return { saved: false, reason: 'fenced' };
    }
    const entries = new Map(stored.entries);
    for (const [key, bytes] of save.changes) {
      if (bytes === null) entries.delete(key);
      else entries.set(key, bytes);
    }
    const sequence = stored.sequence + 1;
    this.shared.put(task, { token: save.token, sequence, position: save.position, entries });
    return { saved: true, sequence };
  }

  private answered(orphaned?: () => void): Promise<void> {
    return this.simulation.answer(this.process, orphaned);
  }
}

import type { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { CheckpointStore } from '@moola/streams/ports/checkpoint-store';
import { jsonEntry } from '@moola/streams/processor/keyed-state';

/** A deployment that a step tells of. */
export interface StepDeployment {
  readonly version: string;
  readonly build: string;
  readonly role: Role;
  readonly timeMs: number;
  readonly by: string;
  /** The incident whose rollback it is, or empty. */
  readonly incident: string;
}

/** What a step depends on, saved before it is sent, so that it can be sent again to the letter. */
export interface ReplayState {
  readonly step: number;
  readonly serving: string;
  readonly deployments: readonly StepDeployment[];
  /** Whether the step's releases have moved the alias; `true` where none does. */
  readonly released: boolean;
  /** Whether the replay has ended. */
  readonly finished: boolean;
}

const codec = jsonEntry<ReplayState>(1);
const entry = 'replay';

/** How far a replay is. */
export interface ReplayProgress {
  load(): Promise<ReplayState | null>;
  save(state: ReplayState): Promise<void>;
}

/** Of a replay whose folder is thrown away: it never goes on where it stopped. */
export const unsavedProgress: ReplayProgress = { load: async () => null, save: async () => undefined };

/** The replayer's checkpoint. One replayer an environment: a second one is fenced. */
export class SavedProgress implements ReplayProgress {
  private sequence = 0;
  private readonly task: string;

  constructor(
    private readonly store: CheckpointStore,
    environment: string,
    private readonly token: string,
  ) {
    this.task = `moola.${environment}/replayer/0`;
  }

  async load(): Promise<ReplayState | null> {
    const { checkpoint } = await this.store.acquire(this.task, this.token);
    this.sequence = checkpoint?.sequence ?? 0;
    const bytes = checkpoint?.entries.get(entry);
    return bytes === undefined ? null : codec.decode(bytes);
  }

  async save(state: ReplayState): Promise<void> {
    const result = await this.store.save(this.task, {
      token: this.token,
      buildsOn: this.sequence,
      position: state.step,
      changes: new Map([[entry, codec.encode(state)]]),
    });
    if (!result.saved) throw new Error('another replayer has taken over this environment');
    this.sequence = result.sequence;
  }
}

import { clone } from '@bufbuild/protobuf';
import { createJoin } from '@moola/collector/join/domain/join-processor';
import { DefinitionSchema, type Definition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import type { Snapshot } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import type { IntakeRow, ObservationRow } from '@moola/contracts/rows';
import type { Topic } from '@moola/contracts/topic';
import { topics } from '@moola/contracts/topics';
import {
  PoisonError,
  type AnyTopic,
  type Emitter,
  type Processor,
  type StreamRow,
  type TaskState,
} from '@moola/streams/processor/processor';
import { createTracker } from '@moola/tracker/domain/tracker';

/** A row as it lies in `intake`. */
export type IntakeStreamRow = StreamRow<IntakeRow>;

/** Who writes what a backtest reads. */
export const replayer = { processor: 'replayer', partition: 0, epoch: 0 };

/** What is changed is taken away after so many rows: a backtest goes back to no checkpoint. */
const rowsBetweenCheckpoints = 65_536;

/** The collector's join and the tracker behind it, as one process runs them on one partition, without log and store. */
export class JoinAndTrack {
  private readonly join: TaskState<IntakeRow>;
  private readonly tracker: TaskState<ObservationRow>;
  private rows = 0;
  private applied!: IntakeStreamRow;
  /** Rows that could not be applied, which live go to the dead letters. */
  unusable = 0;

  /** @param take is told each snapshot, alerts among them */
  constructor(private readonly take: (snapshot: Snapshot) => void) {
    // Windows that nobody defined decide nothing, and nobody looks at a page.
    const tracker = createTracker({ windowsMs: [], published: 'rules' });
    [this.join, this.tracker] = [begin(createJoin()), begin(tracker)];
  }

  apply(row: IntakeStreamRow): void {
    this.applied = row;
    this.usable(() => this.join.apply(row, this.fromJoin));
    if (row.kind === 'tick') this.letGo();
    this.rows++;
  }

  private readonly fromJoin: Emitter = {
    ...emitterOf((topic, value) => {
      if (topic.name !== topics.observations.name) return;
      const { source, position, tickMs } = this.applied;
      this.track({ source, position, tickMs, kind: 'data', value: value as ObservationRow });
    }),
    forward: () => this.track(this.applied),
  };

  private readonly fromTracker: Emitter = emitterOf((topic, value) => {
    if (topic.name === topics.snapshots.name) this.take(value as Snapshot);
  });

  private track(row: StreamRow<ObservationRow>): void {
    this.usable(() => this.tracker.apply(row, this.fromTracker));
  }

  private usable(apply: () => void): void {
    try {
      apply();
    } catch (error) {
      if (!(error instanceof PoisonError)) throw error;
      this.unusable++;
    }
  }

  private letGo(): void {
    if (this.rows < rowsBetweenCheckpoints) return;
    this.rows = 0;
    this.join.takeChanges();
    this.tracker.takeChanges();
  }
}

const environment = { environment: 'backtest', partition: 0, partitions: 1, life: 0 };

function begin<In>(processor: Processor<In>): TaskState<In> {
  return processor.restore(new Map(), environment);
}

function emitterOf(take: (topic: AnyTopic, value: unknown) => void): Emitter {
  return {
    emit: <T>(topic: Topic<T>, _partition: number | 'same', value: T) => take(topic, value),
    forward: () => undefined,
    partitionsOf: () => 1,
    applying: () => true,
  };
}

/** Definitions as `collector/define` puts them in force: each with its place as its version. */
export function definitionRows(definitions: readonly Definition[]): readonly IntakeStreamRow[] {
  return definitions.map((each, offset) => {
    const definition = clone(DefinitionSchema, each);
    definition.version = offset;
    return { source: replayer, position: { offset, ordinal: 0 }, tickMs: 0, kind: 'definition', definition };
  });
}

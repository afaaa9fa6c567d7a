import { create } from '@bufbuild/protobuf';
import { SignalSchema, type Signal } from '@moola/contracts/gen/moola/v1/signals_pb';
import type { Snapshot } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { topics } from '@moola/contracts/topics';
import type { Emitter } from '@moola/streams/processor/processor';

/** Every signal of an environment goes through this partition: one order of all that the responder reacts to. */
export const signalsPartition = 0;

/** What both readers of the tracker hear of. */
export type SharedKind = Extract<Snapshot['kind'], { case: 'deployment' | 'alert' | 'alertFigure' | 'budget' }>;

/**
 * How much of the snapshots somebody reads. `rules`: what follows from rules and budgets; of windows the metrics that rules
 * rest on, and neither history nor what a window is made of. It decides nothing else.
 */
export type Published = 'everything' | 'rules';

/** Sends what the tracker finds of one model to those who read it. */
export class Publisher {
  constructor(
    private readonly emitter: Emitter,
    private readonly model: string,
    /** `TaskContext.life`, part of every key that counts. */
    readonly life: number,
    readonly published: Published = 'everything',
  ) {}

  snapshot(atMs: number, kind: Snapshot['kind']): void {
    const row: Snapshot = { $typeName: 'moola.v1.Snapshot', atMs, model: this.model, kind };
    this.emitter.emit(topics.snapshots, 'same', row);
  }

  /** To `snapshots` and to `signals`. */
  share(atMs: number, kind: SharedKind): void {
    this.snapshot(atMs, kind);
    const signal: Signal = create(SignalSchema, { atMs, model: this.model, kind });
    this.emitter.emit(topics.signals, signalsPartition, signal);
  }
}

/** From which instant on a model's events can be told from their repetitions, milliseconds. */
type HeldFromMs = (model: string) => number;

/**
 * What the join's tasks of this process remember of each model, for a door beside them: it refuses what would be dropped as too
 * late, instead of accepting it. Of partitions whose task runs elsewhere nothing is known.
 */
export class RememberedModels {
  private readonly tasks = new Map<number, HeldFromMs>();

  /** A task has begun; it takes the place of the one before on its partition. */
  begun(partition: number, heldFromMs: HeldFromMs): void {
    this.tasks.set(partition, heldFromMs);
  }

  /** `null`: not known in this process. */
  heldFromMs(model: string, partition: number): number | null {
    return this.tasks.get(partition)?.(model) ?? null;
  }
}

import type { Clock } from '../../ports/clock.js';
import { noCounts, type FaultCounts, type FaultMix } from './faults.js';
import { Random } from './random.js';

/** A process of the simulation, or (null in a step) the world around them. */
export class Process {
  alive = true;
  /** Likelihood that its steps are chosen; drawn anew now and then, so that one runs while another stands still. */
  speed = 1;
  constructor(readonly name: string) {}
}

export type StepKind = 'answer' | 'deliver' | 'timer' | 'world' | 'input' | 'late';

export interface Step {
  readonly process: Process | null;
  readonly kind: StepKind;
  run(): void;
  /** The process died: what becomes of the step. */
  orphaned?(): void;
}

const weights: Record<StepKind, number> = { answer: 1, deliver: 0.7, timer: 0.15, world: 0.3, input: 0.25, late: 0.05 };
const speeds = [0.02, 0.2, 1, 1, 5];
const stepsAtMost = 20_000;

/**
 * Everything that happens in a schedule is a step of it, and a seed chooses the next. Nothing else has an order: there is
 * no wall clock, and promises only resolve within steps.
 */
export class Simulation {
  readonly random: Random;
  readonly counts: FaultCounts = noCounts();
  private readonly steps: Step[] = [];
  private readonly processes: Process[] = [];
  private failure: { readonly error: unknown } | null = null;
  private taken = 0;
  /** Faults happen while this holds. */
  faultsAllowed: () => boolean = () => false;
  /** Tries faults, before each step. */
  disturb: () => void = () => undefined;

  constructor(
    seed: number,
    readonly faults: FaultMix,
  ) {
    this.random = new Random(seed);
  }

  addProcess(name: string): Process {
    const process = new Process(name);
    this.processes.push(process);
    return process;
  }

  get alive(): readonly Process[] {
    return this.processes.filter((process) => process.alive);
  }

  /** True when a fault of this probability happens now. */
  fault(probability: number): boolean {
    return this.faultsAllowed() && this.random.chance(probability);
  }

  add(step: Step): () => void {
    if (step.process !== null && !step.process.alive) return () => undefined;
    this.steps.push(step);
    return () => {
      const index = this.steps.indexOf(step);
      if (index >= 0) this.steps.splice(index, 1);
    };
  }

  /** Resolves in a step of the process; never, if it dies before. */
  answer(process: Process, orphaned?: () => void): Promise<void> {
    return new Promise((resolve) => {
      this.add({ process, kind: 'answer', run: resolve, ...(orphaned && { orphaned }) });
    });
  }

  clock(process: Process): Clock {
    return {
      nowMs: () => this.taken,
      after: (_, run) => this.add({ process, kind: 'timer', run }),
    };
  }

  /** Kills a process; its steps are gone, but for what they leave behind. @returns how many there were. */
  kill(process: Process): number {
    process.alive = false;
    const gone = this.steps.filter((step) => step.process === process);
    for (const step of gone) this.steps.splice(this.steps.indexOf(step), 1);
    for (const step of gone) step.orphaned?.();
    return gone.length;
  }

  fail(error: unknown): void {
    this.failure ??= { error };
  }

  /** Runs until nothing is left to happen. @throws what failed. */
  async run(): Promise<void> {
    await settled();
    const begun = this.taken;
    while (this.steps.length > 0) {
      if (this.failure !== null) throw this.failure.error;
      if (++this.taken - begun > stepsAtMost)
        throw new Error(`the schedule does not come to rest within ${stepsAtMost} steps`);
      if (this.taken % 12 === 0) for (const process of this.processes) process.speed = this.random.pick(speeds) ?? 1;
      this.disturb();
      this.takeStep()?.run();
      await settled();
    }
    if (this.failure !== null) throw this.failure.error;
  }

  private takeStep(): Step | undefined {
    let total = 0;
    for (const step of this.steps) total += this.weight(step);
    let chosen = this.random.next() * total;
    for (let index = 0; index < this.steps.length; index++) {
      chosen -= this.weight(this.steps[index] as Step);
      if (chosen < 0) return this.steps.splice(index, 1)[0];
    }
    return this.steps.pop();
  }

  private weight(step: Step): number {
    return weights[step.kind] * (step.process?.speed ?? 1);
  }
}

/** All promises that can go on have gone on: immediates run after them. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** What was done or checked, and how it ended. */
export interface Step {
  readonly title: string;
  readonly state: 'ok' | 'failed' | 'left out' | 'planned';
  readonly detail: string;
}

/** A step's end that is neither good nor bad: it was not done, for this reason. */
export class LeftOut {
  constructor(readonly reason: string) {}
}

/** Takes steps one after the other, and says each as it ends. */
export class Steps {
  readonly taken: Step[] = [];

  constructor(
    private readonly say: (line: string) => void,
    /** In a dry run a step that is fine was only planned. */
    private readonly dryRun: boolean,
  ) {}

  get failed(): boolean {
    return this.taken.some(({ state }) => state === 'failed');
  }

  /**
   * @param action resolves with what came of it, in a few words
   * @returns whether it did not fail
   */
  async take(title: string, action: () => Promise<string | LeftOut>): Promise<boolean> {
    let step: Step;
    try {
      const outcome = await action();
      step =
        outcome instanceof LeftOut
          ? { title, state: 'left out', detail: outcome.reason }
          : { title, state: this.dryRun ? 'planned' : 'ok', detail: outcome };
    } catch (error) {
      step = { title, state: 'failed', detail: (error as Error).message.trim() };
    }
    this.taken.push(step);
    this.say(`${step.state.padEnd(8)}  ${title}${step.detail === '' ? '' : `: ${step.detail}`}`);
    return step.state !== 'failed';
  }
}

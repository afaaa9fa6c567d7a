import type { EnvironmentHistory } from './environment-history.js';

/** The history of each environment of this process; none where it is switched off. */
export class Histories {
  private readonly byName: ReadonlyMap<string, EnvironmentHistory>;

  constructor(all: readonly EnvironmentHistory[]) {
    this.byName = new Map(all.map((each) => [each.environment, each]));
  }

  get(environment: string): EnvironmentHistory | undefined {
    return this.byName.get(environment);
  }

  all(): readonly EnvironmentHistory[] {
    return [...this.byName.values()];
  }
}

import type { LeftOut } from './steps.js';

/** A service as its target reports it. */
export interface ServiceStatus {
  readonly service: string;
  /** In the target's words, such as `running` or `2 of 2 ready`. */
  readonly state: string;
  readonly ready: boolean;
}

/** Something to check, or to do; it throws what is wrong and resolves with what came of it. */
export interface Task {
  readonly title: string;
  run(): Promise<string | LeftOut>;
}

/** A place that Moola is deployed to. In a dry run its methods only say what they would do. */
export interface Target {
  /** What must be there on this machine. */
  readonly prerequisites: readonly Task[];
  /** Whether its settings and files are right. */
  readonly configuration: readonly Task[];
  /** Whether what it talks to answers. */
  readonly connectivity: readonly Task[];
  /** Brings it about; what is there already and right stays. */
  readonly deployment: readonly Task[];
  /** Where people find what is deployed: name and address. */
  addresses(): Promise<readonly (readonly [string, string])[]>;
  /** @returns none when nothing is deployed */
  status(): Promise<readonly ServiceStatus[]>;
  /** Has the services serve these environments; resolves when they do. */
  serve(environments: readonly string[]): Promise<string>;
  /** Environments that the services serve. */
  served(): Promise<readonly string[]>;
  /** Runs the command `moola` where this service runs. @returns its standard output */
  moola(service: 'console' | 'notifier', args: readonly string[], input?: string): Promise<string>;
  /** Further checks of what is deployed. */
  readonly ownTests: readonly Task[];
  /** Removes what was deployed. */
  readonly removal: readonly Task[];
}

import type { BacktestOptions } from '@moola/standalone/backtest-command';
import type { AnalyzeOptions } from '@moola/standalone/experiment/analyze-command';
import type { power, PowerOptions } from '@moola/standalone/experiment/power-command';
import type { importHistory } from '@moola/standalone/import-history';
import type { deploymentTest, removeDeploymentTest } from '@moola/standalone/deployment-test/deployment-test';
import type { NotifyTest, NotifyTestOptions } from '@moola/standalone/notify-test';
import type { listTasks, newEpoch } from '@moola/standalone/tasks-administration';
import type { UpOptions } from '@moola/standalone/process/up-options';
import type { ReplayCommandOptions } from '@moola/standalone/replay-options';

/** What commands set going in this process. */
export interface Operations {
  /** @returns the exit code */
  up(options: UpOptions): Promise<number>;
  /** @returns the exit code */
  replay(options: ReplayCommandOptions): Promise<number>;
  /** @returns the exit code */
  backtest(options: BacktestOptions): Promise<number>;
  /** @returns the exit code */
  analyze(options: AnalyzeOptions): Promise<number>;
  power(options: PowerOptions): Promise<ReturnType<typeof power>>;
  notifyTest(options: NotifyTestOptions): Promise<NotifyTest>;
  readonly listTasks: typeof listTasks;
  readonly newEpoch: typeof newEpoch;
  readonly importHistory: typeof importHistory;
  readonly deploymentTest: typeof deploymentTest;
  readonly removeDeploymentTest: typeof removeDeploymentTest;
}

/** Loaded when it is used: a command that only reads starts in a blink. */
export const operations: Operations = {
  up: async (options) => (await import('@moola/standalone/up')).up(options),
  replay: async (options) => (await import('@moola/standalone/replay-command')).replay(options),
  backtest: async (options) => (await import('@moola/standalone/backtest-command')).backtest(options),
  analyze: async (options) => (await import('@moola/standalone/experiment/analyze-command')).analyze(options),
  power: async (options) => (await import('@moola/standalone/experiment/power-command')).power(options),
  notifyTest: async (options) => (await import('@moola/standalone/notify-test')).notifyTest(options),
  listTasks: async (...given) => (await import('@moola/standalone/tasks-administration')).listTasks(...given),
  newEpoch: async (...given) => (await import('@moola/standalone/tasks-administration')).newEpoch(...given),
  importHistory: async (options) => (await import('@moola/standalone/import-history')).importHistory(options),
  deploymentTest: async (...given) =>
    (await import('@moola/standalone/deployment-test/deployment-test')).deploymentTest(...given),
  removeDeploymentTest: async (...given) =>
    (await import('@moola/standalone/deployment-test/deployment-test')).removeDeploymentTest(...given),
};

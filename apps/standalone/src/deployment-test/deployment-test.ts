import { readServiceSettings } from '@moola/platform/service/read-service-settings';
import type { Variables } from '@moola/platform/service/service';
import type { DistributedSettings } from '@moola/platform/service/distributed-settings';
import { readSettingFile } from '@moola/platform/settings/settings-file';
import { removeTestEnvironment, type RemovedEnvironment } from './remove-environment.js';
import { runDeploymentTest, type DeploymentTestOptions, type DeploymentTestResult } from './run-test.js';

/** All that is wrong, a line each. */
export type Refusal = { readonly ok: false; readonly problems: readonly string[] };
export type DeploymentTest = { readonly ok: true; readonly seen: DeploymentTestResult } | Refusal;
export type DeploymentTestRemoval = { readonly ok: true; readonly removed: RemovedEnvironment } | Refusal;

/** Tests the deployment whose Kafka and Redis the variables name: see `runDeploymentTest`. */
export function deploymentTest(
  options: Omit<DeploymentTestOptions, 'token'>,
  variables: Variables,
): Promise<DeploymentTest> {
  return withSettings(variables, async (settings) => {
    const seen = await runDeploymentTest(settings, { ...options, token: settings.token });
    return { ok: true, seen };
  });
}

/** Removes what such a test leaves in Kafka and Redis: see `removeTestEnvironment`. */
export function removeDeploymentTest(environment: string, variables: Variables): Promise<DeploymentTestRemoval> {
  return withSettings(variables, async (settings) => {
    return { ok: true, removed: await removeTestEnvironment(settings, environment) };
  });
}

async function withSettings<T>(
  variables: Variables,
  run: (settings: DistributedSettings & { readonly token: string | undefined }) => Promise<T>,
): Promise<T | Refusal> {
  const read = readServiceSettings({ settings: {}, otherVariables: /./ }, variables, readSettingFile);
  if (!read.ok) return read;
  try {
    return await run(read.settings);
  } catch (error) {
    return { ok: false, problems: [(error as Error).message] };
  }
}

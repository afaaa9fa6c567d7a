import type { ActionDependencies } from './perform.js';
import { RegistryClient } from './registry-client.js';

/** What the process settings say of the registry. */
export interface RegistrySettings {
  /** Base address of an MLflow-compatible registry; `null` where none is configured. */
  readonly url: string | null;
  readonly token: string | null;
}

const ANSWER_WITHIN_MS = 5_000;
const READ_BACK_AFTER_MS = [200, 1_000, 5_000];

/** Those of a running service. @param nowMs wall time, milliseconds since the epoch. */
export function actionDependencies(settings: RegistrySettings, nowMs: () => number): ActionDependencies {
  const { url, token } = settings;
  const options =
    url === null ? null : { baseUrl: url, timeoutMs: ANSWER_WITHIN_MS, ...(token === null ? {} : { token }) };
  return {
    registry: options === null ? null : new RegistryClient(options),
    nowMs,
    readBackAfterMs: READ_BACK_AFTER_MS,
  };
}

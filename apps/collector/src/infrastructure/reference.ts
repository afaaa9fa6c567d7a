import { settingsReference } from '@moola/platform/settings/settings';
import { serverSettings } from './prometheus-servers.js';

/** The settings of a Prometheus server as a Markdown table. */
export function prometheusSettingsReference(): string {
  const named = Object.values(serverSettings).map((setting) => ({
    ...setting,
    variable: `MOOLA_PROMETHEUS_<NAME>_${setting.variable}`,
  }));
  return settingsReference(Object.fromEntries(named.entries()));
}

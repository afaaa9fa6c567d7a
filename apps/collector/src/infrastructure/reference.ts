import { settingsOf } from '@moola/platform/settings/named-settings';
import { settingsReference } from '@moola/platform/settings/settings';
import { serverSettings } from './prometheus-servers.js';

/** The settings of a Prometheus server as a Markdown table. */
export function prometheusSettingsReference(): string {
  return settingsReference(settingsOf(serverSettings, 'MOOLA_PROMETHEUS_<NAME>_'));
}

import { runService } from '@moola/platform/service/run-service';
import { ActMetrics } from './act/act-metrics.js';
import { responderIn } from './responder-in.js';

await runService({
  name: 'responder',
  text: 'answers alerts: incidents, playbooks, rollbacks, post-mortems.',
  settings: {},
  streams(environment, { settings, metrics }) {
    const registry = { url: settings.registryUrl ?? null, token: settings.registryToken ?? null };
    return [responderIn(environment, { ...settings, registry, acted: new ActMetrics(metrics).of(environment.name) })];
  },
});

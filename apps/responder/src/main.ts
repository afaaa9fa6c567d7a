import { runService } from '@moola/platform/service/run-service';
import { responderIn } from './responder-in.js';

await runService({
  name: 'responder',
  text: 'answers alerts: incidents, playbooks, rollbacks, post-mortems.',
  settings: {},
  streams(environment, { settings }) {
    const registry = { url: settings.registryUrl ?? null, token: settings.registryToken ?? null };
    return [responderIn(environment, { ...settings, registry })];
  },
});

import { runService } from '@moola/platform/service/run-service';
import { BridgeModule } from './bridge.module.js';

await runService({
  name: 'bridge',
  text: 'what the models are worth: revenue, cost, losses.',
  settings: {},
  streams: () => [BridgeModule],
});

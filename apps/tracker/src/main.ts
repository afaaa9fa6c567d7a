import { runService } from '@moola/platform/service/run-service';
import { TrackerModule } from './tracker.module.js';

await runService({
  name: 'tracker',
  text: 'windows, performance budgets, alert rules of every model.',
  settings: {},
  streams: () => [TrackerModule],
});

import { runService } from '@moola/platform/service/run-service';
import { ExperimentModule } from './experiment.module.js';

await runService({
  name: 'experiment',
  text: 'compares versions, and decides which stays.',
  settings: {},
  streams: () => [ExperimentModule],
});

import { runService } from '@moola/platform/service/run-service';
import { ChangeFeed } from './api/change-feed.js';
import { ConsoleModule } from './console.module.js';
import { DeadLetters } from './dead-letters/dead-letters.js';
import { retryByTelemetry } from './dead-letters/retry-by-telemetry.js';
import { EnvironmentFold } from './read-model/environment-fold.js';
import { servePage } from './serve-page.js';

await runService({
  name: 'console',
  text: 'the page, the read API, history, commands and definitions.',
  settings: {},
  streams: () => [],
  async parts({ environments, log, key, settings, signal }) {
    const names = environments.map(({ name }) => name);
    const folds = names.map((name) => new EnvironmentFold(name));
    const feed = new ChangeFeed(folds, { maximumListeners: settings.maximumListeners });
    signal.addEventListener('abort', () => feed.close());
    const letters = new DeadLetters(names, log, key, retryByTelemetry(log));
    return {
      modules: [ConsoleModule.of(log, folds, feed, letters, settings.publicUrl)],
      routes: [servePage],
      running: [...folds.map((fold) => fold.run(log, signal)), letters.run(signal)],
    };
  },
});

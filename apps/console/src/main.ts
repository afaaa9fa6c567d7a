import { runService } from '@moola/platform/service/run-service';
import { ChangeFeed } from './api/change-feed.js';
import { ConsoleModule } from './console.module.js';
import { DeadLetters } from './dead-letters/dead-letters.js';
import { retryByTelemetry } from './dead-letters/retry-by-telemetry.js';
import { EnvironmentFold } from './read-model/environment-fold.js';
import { HistoryMetrics } from './history/history-metrics.js';
import { historiesOf } from './history/open-histories.js';
import { FoldMetrics } from './read-model/fold-metrics.js';
import { servePage } from './serve-page.js';

await runService({
  name: 'console',
  text: 'the page, the read API, history, commands and definitions.',
  settings: {},
  streams: () => [],
  needs: 'log to read',
  async parts({ environments, log, key, settings, signal, metrics, ready, logAway, apiTokens, logger, health }) {
    const names = environments.map(({ name }) => name);
    const folds = names.map((name) => new EnvironmentFold(name));
    for (const fold of folds) fold.stale = logAway;
    const replays = environments.filter(({ time }) => time === 'replay').map(({ name }) => name);
    new FoldMetrics(metrics, folds, new Set(replays));
    const histories = historiesOf(settings, null, names, logger);
    new HistoryMetrics(metrics, histories);
    for (const each of histories.all()) health.remark(`history of ${each.environment}`, () => each.remark);
    const feed = new ChangeFeed(folds, { maximumListeners: settings.maximumListeners });
    signal.addEventListener('abort', () => feed.close());
    const letters = new DeadLetters(names, log, key, retryByTelemetry(log));
    return {
      modules: [
        ConsoleModule.of(
          log,
          folds,
          feed,
          letters,
          settings.publicUrl,
          settings.maximumVersionsInMetrics,
          apiTokens,
          histories,
        ),
      ],
      routes: [servePage],
      running: [
        ...folds.map((fold) => ready.then(() => fold.run(log, signal))),
        ready.then(() => letters.run(signal)),
        ...histories.all().map((each) => ready.then(() => each.run(log, signal))),
      ],
    };
  },
});

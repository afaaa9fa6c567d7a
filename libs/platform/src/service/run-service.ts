import { createLogger } from '../logging/logger.js';
import { readSettingFile, settingsFileVariable } from '../settings/settings-file.js';
import { settingsReference, type SettingsSpec } from '../settings/settings.js';
import { readServiceSettings, serviceSettings } from './read-service-settings.js';
import { checkService, serve } from './serve.js';
import type { Service } from './service.js';

/**
 * A process that does not end by itself within this time, in milliseconds, is ended, whether it was told to end or a part of it
 * has stopped for good: others take its partitions over.
 */
const endWithinMs = 25_000;

export interface RunOptions {
  /** @default 25000 */
  readonly endWithinMs?: number;
  /** How long `--check` waits for Kafka, in milliseconds. @default 15000 */
  readonly checkWithinMs?: number;
}

/** The `main` of a service: runs until it is told to stop, or a part of it has stopped for good. Sets the exit code. */
export async function runService<S extends SettingsSpec>(service: Service<S>, options: RunOptions = {}): Promise<void> {
  const { argv, env, stdout, stderr } = process;
  const [word, ...rest] = argv.slice(2);
  if (word === '--help' || word === '-h') {
    stdout.write(help(service));
    return;
  }
  const wrong = word === '--check' ? rest[0] : word;
  if (wrong !== undefined) {
    stderr.write(`${service.name}: does not know ${wrong}: add --help to see what there is\n`);
    process.exitCode = 2;
    return;
  }
  const read = readServiceSettings(service, env, readSettingFile);
  if (!read.ok) {
    for (const problem of read.problems) stderr.write(`${service.name}: ${problem}\n`);
    process.exitCode = 1;
    return;
  }
  const logger = createLogger(read.settings.logLevel, service.name);
  const stop = new AbortController();
  const onSignal = (signal: string): void => {
    if (stop.signal.aborted) return;
    logger.info({ signal }, 'ending: finishing what is in hand');
    stop.abort();
  };
  const withinMs = options.endWithinMs ?? endWithinMs;
  stop.signal.addEventListener('abort', () => {
    setTimeout(() => {
      logger.fatal(`did not end within ${withinMs / 1000} s`);
      process.exit(1);
    }, withinMs).unref();
  });
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  try {
    if (word === '--check') {
      await checkService(service, read, logger, options.checkWithinMs);
      stdout.write(`${service.name}: settings, Kafka and Redis are fine\n`);
    } else {
      process.exitCode = await serve(service, read, logger, stop);
    }
  } catch (error) {
    if (word === '--check') stderr.write(`${service.name}: ${(error as Error).message}\n`);
    else logger.fatal({ err: error }, `could not start: ${(error as Error).message}`);
    process.exitCode = 1;
  }
  // Something may be left that keeps the process alive, such as a request that is never answered.
  stop.abort();
  if (word === '--check') setTimeout(() => process.exit(), 100).unref();
}

function help<S extends SettingsSpec>({ name, text, settings }: Service<S>): string {
  return `moola ${name}: ${text}

Usage: node apps/${name}/dist/main.js [--check | --help]

  --check   reads the settings, connects to Kafka and Redis, compares the topics, and ends
  --help    this

Settings come from the environment, or from a YAML file that ${settingsFileVariable} names (the environment wins);
<NAME>_FILE names a file that holds the value of <NAME>.

${settingsReference(serviceSettings(settings))}`;
}

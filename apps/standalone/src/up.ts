import { once, setMaxListeners } from 'node:events';
import { listenRefusal } from '@moola/platform/auth/listen-policy';
import { createLogger } from '@moola/platform/logging/logger';
import { notifierSettings } from '@moola/notifier/notifier-settings';
import { processSettings } from '@moola/platform/settings/process-settings';
import { withSecretsFolder } from '@moola/platform/settings/secrets-folder';
import { readSettingFile } from '@moola/platform/settings/settings-file';
import { readSettings } from '@moola/platform/settings/settings';
import { startTracing } from '@moola/platform/tracing/tracing';
import { readChannels } from '@moola/notifier/send/channel-settings';
import { configuredLine } from '@moola/notifier/send/wording';
import { systemClock } from '@moola/streams/adapters/system-clock';
import { readPrometheusServers } from '@moola/collector/infrastructure/prometheus-servers';
import { exampleFiles } from './process/example.js';
import { startInstallation, type Installation } from './process/installation.js';
import { startRefusal } from './process/start-refusal.js';
import type { UpOptions } from './process/up-options.js';
import { readReplay, type ReplayInputs } from './replay/replay-inputs.js';
import { playStory } from './story/play-story.js';
import { stageOf } from './story/stage.js';
import { refusedCode, tellOfLog } from './story/tell-story.js';

/** The environment of a replay beside the live one. */
const replayEnvironment = 'example';

/** Steps a second at which a person can follow. */
const followableSpeed = 10;

/**
 * `moola up`: everything in one process, until it is told to stop or its replay has ended.
 * @returns the exit code
 */
export async function up(options: UpOptions): Promise<number> {
  const { stdout, stderr } = options;
  const complain = (problems: readonly string[]) => {
    for (const problem of problems) stderr.write(`moola: ${problem}\n`);
    return 1;
  };
  const secrets = withSecretsFolder(options.env);
  if (!secrets.ok) return complain(secrets.problems);
  const env = secrets.variables;
  if (env['MOOLA_MODE'] === 'distributed') {
    return complain([
      'MOOLA_MODE: "moola up" runs everything in one process; in distributed mode start each service: docs/distributed.md',
    ]);
  }
  const read = readSettings({ ...processSettings, ...notifierSettings }, env, readSettingFile);
  const channels = readChannels({ environment: env, readFile: readSettingFile });
  const servers = readPrometheusServers({ environment: env, readFile: readSettingFile });
  if (!read.ok || !channels.ok || !servers.ok)
    return complain([read, channels, servers].flatMap((each) => (each.ok ? [] : each.problems)));
  const { settings } = read;
  const refusal = listenRefusal(settings.host, settings.token);
  if (refusal !== null) return complain([refusal]);
  const replays = options.example || options.log !== null;
  let inputs: ReplayInputs | null = null;
  if (replays) {
    const reading = await readReplay({
      log: options.log ?? exampleFiles.log,
      definitions: options.definitions ?? exampleFiles.definitions,
      releases: options.releases ?? (options.log === null || options.example ? exampleFiles.releases : null),
      model: null,
      stepMs: exampleFiles.stepMs,
      untilMs: options.untilMs,
      timeZone: options.timeZone,
    });
    if (!reading.ok) return complain(reading.problems);
    inputs = reading.inputs;
    tellOfLog(inputs, stderr);
  }

  const stop = new AbortController();
  // Every follower of a partition listens to it.
  setMaxListeners(0, stop.signal);
  const onSignal = () => stop.abort(new Error('stopped'));
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  const tracing = await startTracing('moola', settings.traceEndpoint);
  const opened = channels.open({ clock: systemClock });
  let installation: Installation;
  const folder = options.dataFolder ?? settings.dataFolder;
  try {
    installation = await startInstallation({
      ...{ settings, folder, stdout, port: options.port ?? settings.port },
      begin: options.fresh ? 'anew' : 'where it stopped',
      replayEnvironment: replays ? replayEnvironment : null,
      channels: opened,
      prometheusServers: servers.servers,
      logger: createLogger(settings.logLevel, 'standalone'),
    });
  } catch (error) {
    inputs?.close();
    const words = startRefusal(error);
    if (words === null) throw error;
    return complain([words]);
  }
  installation.failed.catch((error: unknown) => stop.abort(error));
  stdout.write(`Moola is at ${installation.address} (data in ${folder}); ${configuredLine(opened)}\n`);
  try {
    if (inputs !== null) {
      const speed = options.speed ?? (options.headless ? 'max' : followableSpeed);
      const stage = { ...stageOf(installation, replayEnvironment, folder), inputs, speed };
      const show = options.headless ? 'lines' : 'bar';
      const { line } = await playStory(stage, { stdout, stderr, show }, settings.partitions, stop.signal);
      stdout.write(`${JSON.stringify(line)}\n`);
    }
    if (!(inputs !== null && options.exitWhenDone) && !stop.signal.aborted) await once(stop.signal, 'abort');
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  } finally {
    process.removeListener('SIGINT', onSignal);
    process.removeListener('SIGTERM', onSignal);
    inputs?.close();
    await installation.close();
    await tracing.stop();
  }
  const reason: unknown = stop.signal.reason;
  if (stop.signal.aborted && (reason as Error).message !== 'stopped') return complain([(reason as Error).message]);
  return inputs !== null && options.exitWhenDone ? refusedCode(inputs.refused.count, options) : 0;
}

import { spawn, type ChildProcess } from 'node:child_process';
import type { Fleet } from '@moola/testbed/fleet';

/** The example's story through a fleet, under way. */
export interface PlayedStory {
  /** The final line. */
  readonly line: Promise<unknown>;
  stop(): void;
}

const example = 'examples/index-volatility';
const words = [
  ...['apps/cli/dist/main.js', 'replay', `${example}/log/seed-1.csv.gz`, '--json', '--step', '1m'],
  ...['--definitions', `${example}/definitions.yaml`, '--releases', `${example}/releases/story.csv`],
];

/** Plays it; its replayer is started again for as long as it dies. */
export function playStory(
  fleet: Fleet,
  registryPort: number,
  folder: string,
  say: (line: string) => void,
): PlayedStory {
  const variables = fleet.variablesWith({ MOOLA_PORT: String(registryPort), MOOLA_DATA: folder });
  let child: ChildProcess | null = null;
  let stopped = false;
  const line = new Promise<unknown>((resolve, reject) => {
    const start = (): void => {
      if (stopped) return;
      let text = '';
      let errors = '';
      const started = spawn(process.execPath, words, {
        env: { ...process.env, ...variables, MOOLA_LOG_LEVEL: 'warn' },
      });
      child = started;
      started.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      started.stderr.setEncoding('utf8').on('data', (chunk: string) => (errors = (errors + chunk).slice(-4000)));
      started.on('error', reject);
      started.on('close', (code) => {
        if (code === 0) return resolve(JSON.parse(text.trim().split('\n').at(-1) ?? ''));
        say(`the replayer ended with ${code} and is started again: ${errors.trim().split('\n').at(-1)}`);
        setTimeout(start, 1000);
      });
    };
    start();
  });
  return {
    line,
    stop: () => {
      stopped = true;
      child?.kill('SIGKILL');
    },
  };
}

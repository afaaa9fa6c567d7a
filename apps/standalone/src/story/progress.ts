import { MultiBar, Presets } from 'cli-progress';

/** Shows how far a replay is. */
export interface Progress {
  /** @param label what the step is called */
  at(step: number, label: string): void;
  /** Prints a line without disturbing what is shown. */
  print(line: string): void;
  stop(): void;
}

/** Where a replay's progress is shown: a bar where a person watches, else a line now and then. */
export interface ProgressOutputs {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  /** `lines` never draws. */
  readonly show: 'bar' | 'lines';
}

const isTerminal = (stream: NodeJS.WritableStream): boolean => (stream as NodeJS.WriteStream).isTTY === true;

export function showProgress(outputs: ProgressOutputs, steps: number): Progress {
  const { stdout, stderr, show } = outputs;
  const terminal = [stdout, stderr].find(isTerminal);
  return show === 'bar' && terminal !== undefined ? bar(terminal, stdout, steps) : lines(outputs, steps);
}

function bar(terminal: NodeJS.WritableStream, stdout: NodeJS.WritableStream, steps: number): Progress {
  const format = ' {bar} {percentage} % · {value}/{total} · {duration_formatted}, {eta_formatted} left · {label}';
  const bars = new MultiBar(
    { stream: terminal, stopOnComplete: false, hideCursor: true, linewrap: true, format },
    Presets.rect,
  );
  const drawn = bars.create(steps, 0, { label: '' });
  return {
    at: (step, label) => drawn.update(step, { label }),
    print: (line) => (terminal === stdout ? bars.log(`${line}\n`) : void stdout.write(`${line}\n`)),
    stop: () => bars.stop(),
  };
}

/** How often a line says how far it is, where no bar can be drawn. */
const lineEveryMs = 10_000;

function lines({ stdout, stderr }: ProgressOutputs, steps: number): Progress {
  const beganMs = Date.now();
  let toldMs = beganMs;
  return {
    at: (step, label) => {
      const nowMs = Date.now();
      if (nowMs - toldMs < lineEveryMs) return;
      toldMs = nowMs;
      const share = Math.floor((100 * step) / steps);
      stderr.write(`${share} % · ${step}/${steps} · ${Math.round((nowMs - beganMs) / 1000)} s · ${label}\n`);
    },
    print: (line) => void stdout.write(`${line}\n`),
    stop: () => undefined,
  };
}

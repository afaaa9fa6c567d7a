import { readFileSync } from 'node:fs';

/** USER_HZ, the unit of /proc/self/stat. */
const ticksPerSecond = 100;

/** What this process has used: tells a line of JSON when it is done, as kafka-streams/…/Usage.java does. */
export class Measured {
  #readyAt = null;
  #cpuAtReady = 0;

  /** What came before was the start: a program that has been given its partitions is ready. */
  ready() {
    if (this.#readyAt !== null) return;
    this.#cpuAtReady = cpuSeconds();
    this.#readyAt = performance.now();
  }

  done(events, more = {}) {
    const cpu = cpuSeconds();
    const wallSeconds = (performance.now() - this.#readyAt) / 1000;
    const used = { cpuSeconds: cpu - this.#cpuAtReady, startCpuSeconds: this.#cpuAtReady, wallSeconds };
    process.stdout.write(`${JSON.stringify({ events, ...used, peakBytes: peakBytes(), ...more })}\n`);
  }
}

function cpuSeconds() {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

function peakBytes() {
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? NaN) * 1024;
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spread } from './machine.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));
/** Loaded before the program: says at its end what it has used. */
const reporter = `data:text/javascript,${encodeURIComponent(
  `import { writeSync } from 'node:fs';
   process.on('exit', () => writeSync(3, JSON.stringify(process.resourceUsage())));`,
)}`;

/** The example's story from its first step to its last, as fast as it goes, in an empty folder. On any core. */
export async function measureReplay({ folder, progress, rounds }) {
  const wall = [];
  const cpu = [];
  const resident = [];
  for (let round = 0; round < rounds; round++) {
    const data = join(folder, String(round));
    const options = ['--example', '--headless', '--exit-when-done', '--port', '0', '--data', data];
    const args = ['--import', reporter, join(root, 'apps/cli/dist/main.js'), 'up', ...options];
    const start = performance.now();
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, MOOLA_LOG_LEVEL: 'warn' },
      stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
    });
    let report = '';
    child.stdio[3].setEncoding('utf8').on('data', (text) => (report += text));
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error(`the replay ended with ${code}`);
    const used = JSON.parse(report);
    wall.push((performance.now() - start) / 1000);
    cpu.push((used.userCPUTime + used.systemCPUTime) / 1e6);
    resident.push(used.maxRSS * 1024);
    progress(`${wall.at(-1).toFixed(1)} s, of them ${cpu.at(-1).toFixed(1)} s at work`);
  }
  return { wallSeconds: spread(wall), cpuSeconds: spread(cpu), mostResidentBytes: spread(resident) };
}

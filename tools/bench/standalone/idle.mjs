import { setTimeout as sleep } from 'node:timers/promises';
import { startServer } from './server.mjs';

/** What it uses while nobody sends anything: time goes on as records. */
export async function measureIdle({ folder, progress, seconds }) {
  const server = await startServer(folder);
  try {
    await sleep(3000);
    const before = { disk: server.diskBytes(), ...(await server.usage()) };
    progress(`${seconds} s`);
    await sleep(seconds * 1000);
    const after = { disk: server.diskBytes(), ...(await server.usage()) };
    const perSecond = (name) =>
      before[name] === null ? null : Number(((after[name] - before[name]) / seconds).toPrecision(3));
    return {
      seconds,
      cpuSecondsPerSecond: perSecond('cpuSeconds'),
      diskBytesPerSecond: perSecond('disk'),
      writtenBytesPerSecond: perSecond('writtenBytes'),
      residentBytes: after.residentBytes,
    };
  } finally {
    await server.stop();
  }
}

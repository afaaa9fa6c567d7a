// Starts a Redis, says which, and waits to be killed.
import { startRedis } from './redis.js';

const server = await startRedis();
console.log(JSON.stringify({ pid: server.pid, folder: server.folder }));
setInterval(() => undefined, 60_000);

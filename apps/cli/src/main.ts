#!/usr/bin/env node
import { userInfo } from 'node:os';
import { run } from './program.js';
import { operations } from './shell/operations.js';

const { stdout, stderr, env, argv } = process;

// Whoever reads our output may stop before its end, as `head` does.
stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

function user(): string {
  try {
    return env['USER'] ?? env['USERNAME'] ?? userInfo().username;
  } catch {
    return 'somebody'; // a container's user need not have a name
  }
}

try {
  process.exitCode = await run(argv.slice(2), { stdout, stderr, env, user: user(), operations });
} catch (error) {
  const { message, stack } = error as Error;
  stderr.write(`moola: it failed unexpectedly: ${env['MOOLA_LOG_LEVEL'] === 'debug' ? stack : message}\n`);
  process.exitCode = 1;
}

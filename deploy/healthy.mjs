// The health check of a service in a container: exit code 0 while /healthz says that it is alive.
const port = process.env.MOOLA_PORT ?? '8080';
try {
  const answer = await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(4_000) });
  if (!answer.ok) console.error(await answer.text());
  process.exitCode = answer.ok ? 0 : 1;
} catch (error) {
  console.error(`no answer from /healthz on port ${port}: ${error.cause?.message ?? error.message}`);
  process.exitCode = 1;
}

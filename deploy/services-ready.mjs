// `node services-ready.mjs <url>...`: asks every service whether it is ready, and one that knows the token what is
// defined. Each is asked until it is, for up to a minute. Exit code 0: all are.
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const urls = process.argv.slice(2);
if (urls.length === 0) {
  console.error('Usage: node services-ready.mjs <url>...');
  process.exit(2);
}
const seconds = Number(process.env.MOOLA_READY_WITHIN_SECONDS ?? 60);
const deadline = Date.now() + seconds * 1000;

const answers = await Promise.all(urls.map(async (url) => ({ url, problem: await eventually(() => ready(url)) })));
// The console, or the one process that is all of them.
const last = urls.at(-1);
if (answers.every(({ problem }) => problem === null)) {
  answers.push({ url: `${last}/api/v1/environments`, problem: await eventually(() => reads(last)) });
}
for (const { url, problem } of answers) console.log(`${url}: ${problem ?? 'ready'}`);
process.exitCode = answers.every(({ problem }) => problem === null) ? 0 : 1;

async function ready(url) {
  const answer = await ask(`${url}/readyz`);
  if (answer.status === 200) return null;
  return `is not ready (${answer.status}): ${answer.text}`;
}

async function reads(url) {
  const file = process.env.MOOLA_TOKEN_FILE;
  const token = process.env.MOOLA_TOKEN ?? (file === undefined ? undefined : readFileSync(file, 'utf8').trim());
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const answer = await ask(`${url}/api/v1/environments`, headers);
  if (answer.status === 200) return null;
  return `does not let this token read (${answer.status}): ${answer.text}`;
}

async function ask(url, headers = {}) {
  try {
    const answer = await fetch(url, { headers, signal: AbortSignal.timeout(5_000) });
    return { status: answer.status, text: (await answer.text()).slice(0, 500) };
  } catch (error) {
    return { status: 'no answer', text: error.cause?.message ?? error.message };
  }
}

/** The last problem, or null as soon as there is none. */
async function eventually(attempt) {
  for (;;) {
    const problem = await attempt();
    if (problem === null || Date.now() > deadline) return problem;
    await delay(1_000);
  }
}

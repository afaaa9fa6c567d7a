// Which suites cannot run here, since a real part that they need cannot be had.
import { register } from 'node:module';

register('../typescript/hooks.mjs', import.meta.url);
const { missingParts } = await import('../../libs/testbed/src/parts.ts');

// `*.real.spec.ts` only talks to the shared servers; the others start, kill or set back servers of their own, check
// files for other people's servers, or render the chart.
const kinds = [
  { need: 'programs', name: /\.own\.real\.spec\.ts$/ },
  { need: 'checkers', name: /\.checkers\.real\.spec\.ts$/ },
  { need: 'helm', name: /\.helm\.real\.spec\.ts$/ },
  { need: 'addresses', name: /(?<!\.own|\.checkers|\.helm)\.real\.spec\.ts$/ },
];

/**
 * @param listed what `jest --listTests` prints: a path a line, or JSON
 * @returns the suites to leave out, and the parts that are missing
 */
export async function suitesLeftOut(listed) {
  const paths = listed.trimStart().startsWith('[') ? JSON.parse(listed) : listed.split('\n');
  const leftOut = { suites: [], parts: [] };
  for (const { need, name } of kinds) {
    const suites = paths.filter((path) => name.test(path));
    const missing = suites.length === 0 ? [] : await missingParts(need);
    if (missing.length === 0) continue;
    leftOut.suites.push(...suites);
    for (const part of missing)
      if (!leftOut.parts.some(({ message }) => message === part.message)) leftOut.parts.push(part);
  }
  return leftOut;
}

/** Jest arguments that run all but these suites. */
export function leavingOut({ suites }) {
  if (suites.length === 0) return [];
  // The option takes the place of the configuration's.
  const ignored = ['/node_modules/', '/dist/', ...suites.map((path) => `^${escape(path)}$`)];
  return ['--passWithNoTests', ...ignored.map((pattern) => `--testPathIgnorePatterns=${pattern}`)];
}

const escape = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

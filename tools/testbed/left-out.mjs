// Which suites cannot run here, since a real part that they need cannot be had.
import { register } from 'node:module';

register('../typescript/hooks.mjs', import.meta.url);
const { missingParts } = await import('../../libs/testbed/src/parts.ts');

/** What the suites of each kind need, by the last word of their names before `real`; without one, the shared servers. */
const kinds = {
  own: ['programs'],
  checkers: ['checkers'],
  helm: ['helm'],
  deployed: ['helm', 'addresses'],
  cluster: ['helm', 'cluster', 'addresses'],
  engine: ['engine', 'checkers'],
  python: ['python'],
};
const kindsWithoutName = ['addresses'];

function needsOf(path) {
  const kind = /\.(?:(\w+)\.)?real\.spec\.ts$/.exec(path);
  return kind === null ? [] : (kinds[kind[1]] ?? kindsWithoutName);
}

/**
 * @param listed what `jest --listTests` prints: a path a line, or JSON
 * @returns the suites to leave out, and the parts that are missing
 */
export async function suitesLeftOut(listed) {
  const paths = listed.trimStart().startsWith('[') ? JSON.parse(listed) : listed.split('\n');
  const leftOut = { suites: [], parts: [] };
  for (const need of new Set(Object.values(kinds).flat())) {
    const suites = paths.filter((path) => needsOf(path).includes(need));
    const missing = suites.length === 0 ? [] : await missingParts(need);
    if (missing.length === 0) continue;
    leftOut.suites.push(...suites.filter((path) => !leftOut.suites.includes(path)));
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
